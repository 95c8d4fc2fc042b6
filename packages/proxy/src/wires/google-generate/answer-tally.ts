import { Pace, type Steps } from "../../body/steps.ts";
import type { Measure } from "../event-json.ts";
import { type Fields, isFields } from "../fields.ts";
import type { TextListener } from "../text-delta.ts";

const isReason = (reason: unknown): reason is string =>
  typeof reason === "string" && reason !== "" && !/REASON_UNSPECIFIED$/.test(reason);

/** Totals over the candidates of a response, across all its chunks. */
export class AnswerTally {
  bytes = 0;
  /** A candidate has arrived, so the provider has started to generate. */
  hasBegun = false;
  /** A candidate has ended, or the prompt was blocked. */
  hasEnd = false;
  /** Searches of the web that the answer rests on. */
  searches = 0;
  #isBlocked = false;
  /** Candidates with content. An image counts, although it has no text. */
  readonly #spoken = new Set<number>();
  readonly #ended = new Map<number, boolean>();
  readonly #onText: TextListener | null;

  constructor(onText: TextListener | null) {
    this.#onText = onText;
  }

  /** Every candidate ended without being cut, and has content. */
  get isWhole(): boolean {
    if (this.#isBlocked || this.#ended.size === 0) return false;
    for (const [index, isWhole] of this.#ended) if (!isWhole || !this.#spoken.has(index)) return false;
    return true;
  }

  get hasOutput(): boolean {
    return this.#spoken.size > 0;
  }

  take({ candidates, promptFeedback }: Fields, measure: Measure): void {
    if (isFields(promptFeedback) && isReason(promptFeedback.blockReason)) {
      this.#isBlocked = true;
      this.hasEnd = true;
    }
    for (const candidate of Array.isArray(candidates) ? candidates : []) {
      if (!isFields(candidate)) continue;
      const index = this.#begin(candidate);
      const { parts } = isFields(candidate.content) ? candidate.content : {};
      for (const part of Array.isArray(parts) ? parts : []) if (isFields(part)) this.#part(index, part, measure);
      this.#end(index, candidate);
    }
  }

  /** `take` for a whole response, in steps. */
  *taking({ candidates, promptFeedback }: Fields): Steps<void> {
    this.take({ promptFeedback }, Buffer.byteLength);
    const pace = new Pace();
    for (const candidate of Array.isArray(candidates) ? candidates : []) {
      if (!isFields(candidate)) continue;
      const index = this.#begin(candidate);
      const { parts } = isFields(candidate.content) ? candidate.content : {};
      for (const part of Array.isArray(parts) ? parts : []) {
        if (isFields(part)) this.#part(index, part, Buffer.byteLength);
        if (pace.passes(part)) yield;
      }
      this.#end(index, candidate);
    }
  }

  #begin({ index, groundingMetadata: grounding }: Fields): number {
    this.hasBegun = true;
    if (isFields(grounding) && Array.isArray(grounding.webSearchQueries)) {
      this.searches = Math.max(this.searches, grounding.webSearchQueries.length);
    }
    return typeof index === "number" ? index : 0;
  }

  #end(index: number, { finishReason }: Fields): void {
    if (!isReason(finishReason)) return;
    this.hasEnd = true;
    this.#ended.set(index, finishReason === "STOP");
  }

  #part(index: number, part: Fields, measure: Measure): void {
    const { text, functionCall: call, executableCode: code, inlineData, thought } = part;
    if (typeof text === "string") this.#add(index, thought === true ? "thought" : "text", text, measure);
    if (isFields(call)) {
      if (typeof call.name === "string") this.#add(index, "functionCall.name", call.name, measure);
      for (const data of [call.args, call.partialArgs]) {
        if (typeof data === "object" && data !== null) {
          this.#add(index, "functionCall.args", JSON.stringify(data), measure);
        }
      }
      this.#spoken.add(index);
    }
    if (isFields(code) && typeof code.code === "string") this.#add(index, "executableCode", code.code, measure);
    if (inlineData !== undefined) this.#spoken.add(index);
  }

  #add(index: number, field: string, text: string, measure: Measure): void {
    if (text === "") return;
    this.bytes += measure(text);
    this.#spoken.add(index);
    this.#onText?.({ choice: index, path: ["content", field], text });
  }
}
