import { Pace, type Steps } from "../../body/steps.ts";
import type { Measure } from "../event-json.ts";
import { type Fields, isFields } from "../fields.ts";
import type { TextListener } from "../text-delta.ts";

/** The fields of a block or a delta that are model output. All others are ids, signatures and results of tools. */
const OUTPUT = ["text", "thinking", "partial_json"];
/** Stop reasons of a response that was not cut. */
const WHOLE = new Set<unknown>(["end_turn", "tool_use", "stop_sequence"]);

/** Totals over the content blocks of a response. */
export class AnswerTally {
  bytes = 0;
  /** A content block has arrived, so the provider has started to generate. */
  hasBegun = false;
  #stopReason: unknown = null;
  readonly #onText: TextListener | null;

  constructor(onText: TextListener | null) {
    this.#onText = onText;
  }

  get hasEnd(): boolean {
    return typeof this.#stopReason === "string" && this.#stopReason !== "";
  }

  /** The response ended without being cut, and has content. */
  get isWhole(): boolean {
    return WHOLE.has(this.#stopReason) && this.bytes > 0;
  }

  stop(reason: unknown): void {
    if (typeof reason === "string" && reason !== "") this.#stopReason = reason;
  }

  /** Adds a block or a delta. Returns its text if it has one and nothing else; else null. */
  take(index: unknown, piece: unknown, measure: Measure): string | null {
    this.hasBegun = true;
    if (!isFields(piece)) return null;
    let only: string | null = null;
    for (const name of OUTPUT) {
      const text = piece[name];
      if (typeof text !== "string" || text === "") continue;
      this.#add(index, name, text, measure);
      only = text;
    }
    const { type } = piece;
    if (typeof type === "string" && type.endsWith("tool_use")) this.#takeCall(index, piece, measure);
    // The summary of a compaction is output that is billed, and no text of the answer.
    else if (type === "compaction" || type === "compaction_delta") {
      if (typeof piece.content === "string") this.bytes += measure(piece.content);
    }
    return only;
  }

  /** `take` for all blocks of a whole response, in steps. */
  *taking(content: unknown): Steps<void> {
    const pace = new Pace();
    for (const [index, block] of Array.isArray(content) ? content.entries() : []) {
      this.take(index, block, Buffer.byteLength);
      if (pace.passes(block)) yield;
    }
  }

  #takeCall(index: unknown, { name, input }: Fields, measure: Measure): void {
    if (typeof name === "string") this.#add(index, "name", name, measure);
    if (isFields(input) && Object.keys(input).length > 0) this.#add(index, "input", JSON.stringify(input), measure);
  }

  #add(index: unknown, name: string, text: string, measure: Measure): void {
    this.bytes += measure(text);
    const place = typeof index === "number" ? index : 0;
    this.#onText?.({ choice: 0, path: ["content", place, name === "partial_json" ? "input" : name], text });
  }
}
