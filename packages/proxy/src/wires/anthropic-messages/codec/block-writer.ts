import type { TextListener } from "../../text-delta.ts";

/** A content block that is open. */
interface OpenBlock {
  index: number;
  kind: "text" | "thinking" | "tool_use";
}

const DELTAS = { text: "text_delta", thinking: "thinking_delta", tool_use: "input_json_delta" } as const;
const FIELDS = { text: "text", thinking: "thinking", tool_use: "partial_json" } as const;

export const frame = (type: string, fields: object): string =>
  `event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`;

/** Writes content blocks as events, one after the other, with their indexes. */
export class BlockWriter {
  /** Bytes (UTF-8) of texts, thoughts, names and arguments so far. */
  bytes = 0;
  #next = 0;
  #open: OpenBlock | null = null;
  readonly #onText: TextListener | null;

  constructor(onText: TextListener | null) {
    this.#onText = onText;
  }

  /** Whether a block of this kind is open. */
  isOpen(kind: OpenBlock["kind"]): boolean {
    return this.#open?.kind === kind;
  }

  start(kind: OpenBlock["kind"], block: object, name = ""): string {
    this.#open = { index: this.#next++, kind };
    this.#count(name, "name");
    return frame("content_block_start", { index: this.#open.index, content_block: block });
  }

  /** A block that has no deltas. */
  whole(block: object): string {
    const index = this.#next++;
    return frame("content_block_start", { index, content_block: block }) + frame("content_block_stop", { index });
  }

  delta(text: string): string {
    if (!this.#open || text === "") return "";
    const { kind, index } = this.#open;
    this.#count(text, kind === "tool_use" ? "input" : FIELDS[kind]);
    return frame("content_block_delta", { index, delta: { type: DELTAS[kind], [FIELDS[kind]]: text } });
  }

  signature(signature: string): string {
    const index = this.#open?.index;
    return frame("content_block_delta", { index, delta: { type: "signature_delta", signature } });
  }

  /** Only for an open text. */
  citation(citation: object): string {
    const index = this.#open?.index;
    return frame("content_block_delta", { index, delta: { type: "citations_delta", citation } });
  }

  stop(): string {
    if (!this.#open) return "";
    const { index } = this.#open;
    this.#open = null;
    return frame("content_block_stop", { index });
  }

  #count(text: string, name: string): void {
    if (text === "") return;
    this.bytes += Buffer.byteLength(text);
    this.#onText?.({ choice: 0, path: ["content", this.#next - 1, name], text });
  }
}
