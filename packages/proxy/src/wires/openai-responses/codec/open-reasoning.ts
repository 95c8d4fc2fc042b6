import type { SharedV4ProviderMetadata } from "@ai-sdk/provider";
import type { EventWriter } from "./event-writer.ts";
import { reasoningItem } from "./output-items.ts";

/** Thoughts in a stream. The item begins with the first text, or at the end if it has only encrypted content. */
export class OpenReasoning {
  readonly #writer: EventWriter;
  readonly #id: string;
  #position = -1;
  #text = "";
  #metadata: SharedV4ProviderMetadata = {};

  constructor(writer: EventWriter) {
    this.#writer = writer;
    this.#id = writer.newId("rs");
  }

  add(delta: string, metadata: SharedV4ProviderMetadata | undefined): void {
    for (const [name, fields] of Object.entries(metadata ?? {})) {
      this.#metadata = { ...this.#metadata, [name]: { ...this.#metadata[name], ...fields } };
    }
    if (delta === "") return;
    if (this.#position === -1) {
      this.#position = this.#writer.begin(reasoningItem(this.#id, "", undefined));
      this.#event("response.reasoning_summary_part.added", { part: { type: "summary_text", text: "" } });
    }
    this.#text += delta;
    this.#writer.said(this.#position, ["summary", 0, "text"], delta);
    this.#event("response.reasoning_summary_text.delta", { delta });
  }

  end(): void {
    const item = reasoningItem(this.#id, this.#text, this.#metadata);
    if (this.#position === -1) {
      if ("encrypted_content" in item) this.#writer.whole(item);
      return;
    }
    this.#event("response.reasoning_summary_text.done", { text: this.#text });
    this.#event("response.reasoning_summary_part.done", { part: { type: "summary_text", text: this.#text } });
    this.#writer.end(this.#position, item);
  }

  #event(type: string, fields: object): void {
    this.#writer.event(type, { item_id: this.#id, output_index: this.#position, summary_index: 0, ...fields });
  }
}
