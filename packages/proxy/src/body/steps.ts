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

/** Gives turns in the order in which they are asked for, one in each round of the event loop. */
export class Lane {
  readonly #waiting: (() => void)[] = [];

  /** Resolves when it is the caller's turn. */
  turn(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#waiting.push(resolve) === 1) setImmediate(this.#next);
    });
  }

  readonly #next = (): void => {
    this.#waiting.shift()?.();
    if (this.#waiting.length > 0) setImmediate(this.#next);
  };
}

/** All large bodies of the process share this lane, so that the work on many of them does not add up. */
const bodies = new Lane();

export const turn = (): Promise<void> => bodies.turn();

const CHARS_SHIFT = 5;
const chars = (value: unknown): number => (typeof value === "string" ? value.length >> CHARS_SHIFT : 0);

/** Does the steps, a few in each turn. What must not wait behind the bodies of callers has a `lane` of its own. */
export async function inTurns<Result>(steps: Steps<Result>, lane = bodies): Promise<Result> {
  for (;;) {
    await lane.turn();
    const startedAt = performance.now();
    do {
      const step = steps.next();
      if (step.done) return step.value;
    } while (performance.now() - startedAt < TURN_MS);
  }
}
