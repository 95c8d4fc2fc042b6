import type { LanguageModelV4Citation, LanguageModelV4Source } from "@ai-sdk/provider";
import { type CitedPage, citedPages, citedSource } from "../../cited-pages.ts";
import { openAiLogprobs, type TokenLogprob } from "../../logprobs.ts";
import type { EventWriter } from "./event-writer.ts";
import { citation, messageItem, outputText } from "./output-items.ts";

/** A message of a stream, with one text. */
export class OpenMessage {
  readonly #writer: EventWriter;
  readonly #id: string;
  readonly #position: number;
  readonly #annotations: object[] = [];
  readonly #tokens: TokenLogprob[] = [];
  #text = "";
  #partStart = 0;

  constructor(writer: EventWriter) {
    this.#writer = writer;
    this.#id = writer.newId("msg");
    this.#position = writer.begin(messageItem(this.#id, "in_progress", []));
    this.#event("response.content_part.added", { part: outputText("", []) });
  }

  /** `tokens`: those of the delta, with their log probabilities. */
  add(delta: string, tokens: readonly TokenLogprob[]): void {
    this.#text += delta;
    this.#tokens.push(...tokens);
    this.#writer.said(this.#position, ["content", 0, "text"], delta);
    this.#event("response.output_text.delta", { delta, logprobs: openAiLogprobs(tokens) });
  }

  /** A part of the text begins. */
  startPart(): void {
    this.#partStart = this.#text.length;
  }

  /** The part of the text ends. */
  endPart(citations: readonly LanguageModelV4Citation[] | undefined): void {
    for (const page of citedPages(this.#text.length - this.#partStart, citations, this.#partStart)) this.#cite(page);
  }

  /** A page that the whole answer cites. */
  citeSource(source: LanguageModelV4Source): void {
    const page = citedSource(source, this.#text.length);
    if (page) this.#cite(page);
  }

  #cite(page: CitedPage): void {
    const annotation = citation(page);
    const annotation_index = this.#annotations.push(annotation) - 1;
    this.#event("response.output_text.annotation.added", { annotation_index, annotation });
  }

  end(): void {
    const part = outputText(this.#text, this.#annotations, this.#tokens);
    this.#event("response.output_text.done", { text: this.#text, logprobs: part.logprobs });
    this.#event("response.content_part.done", { part });
    this.#writer.end(this.#position, messageItem(this.#id, "completed", [part]));
  }

  #event(type: string, fields: object): void {
    this.#writer.event(type, { item_id: this.#id, output_index: this.#position, content_index: 0, ...fields });
  }
}
