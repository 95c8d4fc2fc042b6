/** Work on a large body, cut into steps that each take well below a millisecond. */
export type Steps<Result> = Generator<void, Result, void>;

/** A body up to this size is processed at once; a larger one in steps, with the work of other calls between them. */
export const LARGE_BYTES = 64 * 1024;
/** Work units of one step of a walk. A value, a name, and each 32 characters count as one unit. */
export const STEP_WORK = 1_000;
const TURN_MS = 1;

/** Tells a walk over a parsed body when to end a step. */
export class Pace {
  #left = STEP_WORK;

  /** Counts one value with its name. True when the step must end. */
  passes(value: unknown, name: unknown = null): boolean {
    this.#left -= 1 + chars(value) + chars(name);
    if (this.#left > 0) return false;
    this.#left = STEP_WORK;
    return true;
  }
}

/** Runs all steps without a pause. */
export function atOnce<Result>(steps: Steps<Result>): Result {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/**
 * Shares the event loop among large bodies. Each round of the loop gives one turn, so that the work on many bodies
 * does not add up. Waiting lanes get turns alternately, so many bodies of one organisation do not delay those of
 * another.
 */
export class Lanes {
  readonly #lanes = new Map<string, Lane>();
  readonly #waiting: Lane[] = [];

  /** The lane of an organisation. */
  of(orgId: string): Lane {
    let lane = this.#lanes.get(orgId);
    if (!lane) {
      lane = new Lane(this.#join);
      this.#lanes.set(orgId, lane);
    }
    return lane;
  }

  readonly #join = (lane: Lane): void => {
    if (this.#waiting.push(lane) === 1) setImmediate(this.#next);
  };

  readonly #next = (): void => {
    const lane = this.#waiting.shift();
    if (lane?.giveTurn()) this.#waiting.push(lane);
    if (this.#waiting.length > 0) setImmediate(this.#next);
  };
}

/** A queue of turns, first in, first out. */
export class Lane {
  readonly #join: (lane: Lane) => void;
  readonly #waiting: (() => void)[] = [];

  constructor(join: (lane: Lane) => void) {
    this.#join = join;
  }

  /** Resolves when it is the caller's turn. */
  turn(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#waiting.push(resolve) === 1) this.#join(this);
    });
  }

  /** Gives the next turn. True when more callers wait in this lane. */
  giveTurn(): boolean {
    this.#waiting.shift()?.();
    return this.#waiting.length > 0;
  }
}

const CHARS_SHIFT = 5;
const chars = (value: unknown): number => (typeof value === "string" ? value.length >> CHARS_SHIFT : 0);

/** Runs the steps, a few in each turn of the lane. */
export async function inTurns<Result>(steps: Steps<Result>, lane: Lane): Promise<Result> {
  for (;;) {
    await lane.turn();
    const startedAt = performance.now();
    do {
      const step = steps.next();
      if (step.done) return step.value;
    } while (performance.now() - startedAt < TURN_MS);
  }
}
