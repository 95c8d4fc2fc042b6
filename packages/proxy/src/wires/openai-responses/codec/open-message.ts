import type { LanguageModelV4Source } from "@ai-sdk/provider";
import type { EventWriter } from "./event-writer.ts";
import { citation, messageItem, outputText } from "./output-items.ts";
import { newId } from "./response-object.ts";

/** A message of a stream, with one text. */
export class OpenMessage {
  readonly #writer: EventWriter;
  readonly #id = newId("msg");
  readonly #position: number;
  readonly #annotations: object[] = [];
  #text = "";

  constructor(writer: EventWriter) {
    this.#writer = writer;
    this.#position = writer.begin(messageItem(this.#id, "in_progress", []));
    this.#event("response.content_part.added", { part: outputText("", []) });
  }

  add(delta: string): void {
    this.#text += delta;
    this.#writer.said(this.#position, ["content", 0, "text"], delta);
    this.#event("response.output_text.delta", { delta, logprobs: [] });
  }

  cite(source: LanguageModelV4Source): void {
    const annotation = citation(source, this.#text);
    if (!annotation) return;
    const annotation_index = this.#annotations.push(annotation) - 1;
    this.#event("response.output_text.annotation.added", { annotation_index, annotation });
  }

  end(): void {
    const part = outputText(this.#text, this.#annotations);
    this.#event("response.output_text.done", { text: this.#text, logprobs: [] });
    this.#event("response.content_part.done", { part });
    this.#writer.end(this.#position, messageItem(this.#id, "completed", [part]));
  }

  #event(type: string, fields: object): void {
    this.#writer.event(type, { item_id: this.#id, output_index: this.#position, content_index: 0, ...fields });
  }
}
