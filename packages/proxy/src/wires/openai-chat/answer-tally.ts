import type { Steps } from "../../body/steps.ts";
import type { TextListener } from "../text-delta.ts";
import { type Measure, measuringOutput, onlyText, outputBytes } from "./output-bytes.ts";
import { visitOutput } from "./visit-output.ts";
import { isWholeEnd } from "./whole-end.ts";

interface Choice {
  index?: unknown;
  delta?: unknown;
  message?: unknown;
  finish_reason?: unknown;
}

/** What the choices of an answer say, added up over all its chunks. */
export class AnswerTally {
  bytes = 0;
  /** Some choice said how it ends. */
  hasEnd = false;
  /** A chunk with choices came: the provider has begun to work. */
  hasBegun = false;
  #isRefused = false;
  readonly #spoken = new Set<unknown>();
  readonly #ended = new Map<unknown, boolean>();
  readonly #onText: TextListener | null;

  constructor(onText: TextListener | null) {
    this.#onText = onText;
  }

  /** Answers the text of a chunk that says nothing but one text; else null. */
  take(choices: unknown, measure: Measure): string | null {
    if (!Array.isArray(choices)) return null;
    let text: string | null = null;
    for (const choice of choices as (Choice | null)[]) {
      if (typeof choice !== "object" || choice === null) continue;
      const said = choice.delta ?? choice.message;
      const bytes = outputBytes(said, measure);
      if (bytes > 0 && choices.length === 1) text = onlyText(said);
      if (this.#note(choice, said, bytes)) text = null;
    }
    return text;
  }

  /** The same in steps, for a large answer. */
  *taking(choices: unknown): Steps<void> {
    if (!Array.isArray(choices)) return;
    for (const choice of choices as (Choice | null)[]) {
      if (typeof choice !== "object" || choice === null) continue;
      const said = choice.delta ?? choice.message;
      this.#note(choice, said, yield* measuringOutput(said));
      yield;
    }
  }

  /** True: the choice ends here. */
  #note(choice: Choice, said: unknown, bytes: number): boolean {
    this.hasBegun = true;
    if (this.#onText) visitOutput(typeof choice.index === "number" ? choice.index : 0, said, this.#onText);
    if (typeof said === "object" && said !== null && "refusal" in said && said.refusal) this.#isRefused = true;
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

  /** Every choice ended by itself and said something, and none is a refusal. */
  get isWhole(): boolean {
    if (!this.hasEnd || this.#isRefused) return false;
    for (const [index, isWhole] of this.#ended) if (!isWhole || !this.#spoken.has(index)) return false;
    return true;
  }
}
