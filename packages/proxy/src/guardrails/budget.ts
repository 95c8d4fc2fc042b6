/** A rule used up its time. */
export class MatchTimeout extends Error {
  override readonly name = "MatchTimeout";
}

/** Characters between two looks at the clock: a look costs as much as some hundred of them. */
const LOOK_CHARS = 16_384;

/**
 * The time one rule may take over one request. It is this thread's own processor time, so a busy machine does not turn
 * a rule that fails closed into an outage.
 */
export class Budget {
  readonly #msMax: number;
  #charsLeft = LOOK_CHARS;
  #startedUs: number | null = null;

  constructor(msMax: number) {
    this.#msMax = msMax;
  }

  /** Announces characters about to be scanned. Throws `MatchTimeout`. */
  spend(chars: number): void {
    this.#charsLeft -= chars;
    if (this.#charsLeft > 0) return;
    this.#charsLeft = LOOK_CHARS;
    const { user, system } = process.threadCpuUsage();
    this.#startedUs ??= user + system;
    if (user + system - this.#startedUs > this.#msMax * 1000) throw new MatchTimeout("guardrail ran out of time");
  }
}
