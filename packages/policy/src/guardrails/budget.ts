/** A check used up its time or its steps. */
export class BudgetSpent extends Error {
  override readonly name = "BudgetSpent";
}

export interface BudgetBounds {
  /** A step is one character looked at once, about 10 ns. */
  stepsMax: number;
  msMax: number;
  /** Milliseconds of any origin. */
  clock: () => number;
  /** Steps between two looks at the clock. */
  lookEvery: number;
}

/**
 * What all rules together may use for one request. Every loop over a caller's text spends here, so a check ends in time
 * whatever the text is.
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

  /** Steps spent so far. */
  get steps(): number {
    return this.#steps;
  }

  /** Throws `BudgetSpent`. */
  spend(steps: number): void {
    this.#steps += steps;
    if (this.#steps >= this.#nextLook) this.#look();
  }

  /** From now on only an equal share of what is left, for the next of `parts` rules: a slow one leaves the others theirs. */
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
