import type { Steps } from "../../body/steps.ts";
import type { Measure } from "../event-json.ts";
import type { TextListener } from "../text-delta.ts";
import { measuringOutput, onlyText, outputBytes } from "./output-bytes.ts";
import { visitOutput } from "./visit-output.ts";
import { isWholeEnd } from "./whole-end.ts";

interface Choice {
  index?: unknown;
  delta?: unknown;
  message?: unknown;
  /** Of a text completion. */
  text?: unknown;
  finish_reason?: unknown;
}

/** Totals over the choices of a response, across all its chunks. */
export class AnswerTally {
  bytes = 0;
  /** At least one choice has a finish reason. */
  hasEnd = false;
  /** A chunk with choices has arrived, so the provider has started to generate. */
  hasBegun = false;
  #isRefused = false;
  readonly #spoken = new Set<unknown>();
  readonly #ended = new Map<unknown, boolean>();
  readonly #onText: TextListener | null;

  constructor(onText: TextListener | null) {
    this.#onText = onText;
  }

  /** Adds a chunk's choices. Returns the text if one text is the chunk's only content; else null. */
  take(choices: unknown, measure: Measure): string | null {
    if (!Array.isArray(choices)) return null;
    let text: string | null = null;
    for (const choice of choices as (Choice | null)[]) {
      if (typeof choice !== "object" || choice === null) continue;
      const content = choice.delta ?? choice.message ?? choice.text;
      const bytes = outputBytes(content, measure);
      if (bytes > 0 && choices.length === 1) text = onlyText(content);
      if (this.#note(choice, content, bytes)) text = null;
    }
    return text;
  }

  /** `take` in steps, for a large response. */
  *taking(choices: unknown): Steps<void> {
    if (!Array.isArray(choices)) return;
    for (const choice of choices as (Choice | null)[]) {
      if (typeof choice !== "object" || choice === null) continue;
      const content = choice.delta ?? choice.message ?? choice.text;
      this.#note(choice, content, yield* measuringOutput(content));
      yield;
    }
  }

  /** Returns true if the choice ends with this chunk. */
  #note(choice: Choice, content: unknown, bytes: number): boolean {
    this.hasBegun = true;
    if (this.#onText) visitOutput(typeof choice.index === "number" ? choice.index : 0, content, this.#onText);
    if (typeof content === "object" && content !== null && "refusal" in content && content.refusal)
      this.#isRefused = true;
    if (bytes > 0) {
      this.bytes += bytes;
      this.#spoken.add(choice.index ?? 0);
    }
    const { finish_reason: reason } = choice;
    // Some providers send an empty reason in every chunk.
    if (typeof reason !== "string" || reason === "") return false;
    this.hasEnd = true;
    this.#ended.set(choice.index ?? 0, isWholeEnd(reason));
    return true;
  }

  /** Every choice ended without being cut, has content, and is not a refusal. */
  get isWhole(): boolean {
    if (!this.hasEnd || this.#isRefused) return false;
    for (const [index, isWhole] of this.#ended) if (!isWhole || !this.#spoken.has(index)) return false;
    return true;
  }
}
