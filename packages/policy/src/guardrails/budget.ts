/** A check has used up its time or its steps. */
export class BudgetSpent extends Error {
  override readonly name = "BudgetSpent";
}

export interface BudgetBounds {
  /** One step is the time to look at one character, about 10 ns. */
  stepsMax: number;
  msMax: number;
  /** Milliseconds from any origin. */
  clock: () => number;
  /** Number of steps after which the clock is read again. */
  lookEvery: number;
}

/**
 * The time and the steps that all rules of one request share. Every loop over a text of the request counts its steps
 * here, so a check of any text ends in time.
 */
export class Budget {
  readonly #bounds: BudgetBounds;
  readonly #startedMs: number;
  #deadlineMs: number;
  #nextLook: number;
  #steps = 0;

  constructor(bounds: BudgetBounds) {
    this.#bounds = bounds;
    this.#startedMs = bounds.clock();
    this.#deadlineMs = this.#startedMs + bounds.msMax;
    this.#nextLook = Math.min(bounds.lookEvery, bounds.stepsMax);
  }

  /** Steps that were spent. */
  get steps(): number {
    return this.#steps;
  }

  /** Throws `BudgetSpent`. */
  spend(steps: number): void {
    this.#steps += steps;
    if (this.#steps >= this.#nextLook) this.#look();
  }

  /**
   * Until the next call, allows only an equal share of the rest, for one of `parts` rules. So a slow rule leaves time
   * for the others.
   */
  share(parts: number): void {
    const { msMax, clock } = this.#bounds;
    const nowMs = clock();
    this.#deadlineMs = nowMs + Math.max(0, this.#startedMs + msMax - nowMs) / parts;
  }

  #look(): void {
    const { stepsMax, clock, lookEvery } = this.#bounds;
    if (this.#steps > stepsMax || clock() > this.#deadlineMs) throw new BudgetSpent("the guardrails ran out of time");
    this.#nextLook = Math.min(this.#steps + lookEvery, Math.max(stepsMax, this.#steps + 1));
  }
}
