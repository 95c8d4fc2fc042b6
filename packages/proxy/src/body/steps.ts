/** Work on a large body, cut into steps that each take well below a millisecond. */
export type Steps<Result> = Generator<void, Result, void>;

/** A body up to this size is worked on at once; a larger one in steps, with the work of other calls between them. */
export const LARGE_BYTES = 64 * 1024;
/** What one step of a walk may do. A value or a name takes 1 of it, and 32 characters take as much. */
export const STEP_WORK = 1_000;
const TURN_MS = 1;

/** Tells a walk over a parsed body when its step is over. */
export class Pace {
  #left = STEP_WORK;

  /** Counts one value with its name. True: the step is over. */
  passes(value: unknown, name: unknown = null): boolean {
    this.#left -= 1 + chars(value) + chars(name);
    if (this.#left > 0) return false;
    this.#left = STEP_WORK;
    return true;
  }
}

/** Does all steps at once. */
export function atOnce<Result>(steps: Steps<Result>): Result {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

const waiting: (() => void)[] = [];

function next(): void {
  waiting.shift()?.();
  if (waiting.length > 0) setImmediate(next);
}

/** Resolves when it is the caller's turn: one in each round of the event loop, so that many large bodies do not add up. */
export function turn(): Promise<void> {
  return new Promise((resolve) => {
    if (waiting.push(resolve) === 1) setImmediate(next);
  });
}

const CHARS_SHIFT = 5;
const chars = (value: unknown): number => (typeof value === "string" ? value.length >> CHARS_SHIFT : 0);

/** Does the steps, a few in each turn. */
export async function inTurns<Result>(steps: Steps<Result>): Promise<Result> {
  for (;;) {
    await turn();
    const startedAt = performance.now();
    do {
      const step = steps.next();
      if (step.done) return step.value;
    } while (performance.now() - startedAt < TURN_MS);
  }
}
