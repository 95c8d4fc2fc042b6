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

/**
 * Shares the event loop among large bodies: one turn in each round of the loop, so that the work on many of them does not
 * add up. Lanes that wait get turns alternately, so one organisation's crowd of bodies does not delay another's.
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

/** Gives turns in the order in which they are asked for. */
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

  /** True: others wait in this lane. */
  giveTurn(): boolean {
    this.#waiting.shift()?.();
    return this.#waiting.length > 0;
  }
}

const CHARS_SHIFT = 5;
const chars = (value: unknown): number => (typeof value === "string" ? value.length >> CHARS_SHIFT : 0);

/** Does the steps, a few in each turn of the lane. */
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
