/** Milliseconds of one round of the event loop that the streams of all providers may use together. */
const ROUND_MS = 1;

/** Something that waits for a turn. */
export interface Waiter {
  /** Does a small part of the work. True: more can be done at once. */
  step(): boolean;
}

/**
 * Shares the event loop among the streams of all calls. What arrives is handled at once until a round of the loop has used
 * its time; the rest waits for the next round. Organisations take turns, so many streams of one do not delay those of
 * another.
 */
export class Turns {
  #roundAt = 0;
  #turnAt = 0;
  #isArmed = false;
  readonly #waiting = new Map<string, Waiter[]>();

  /** Whether this round of the loop has time left. */
  hasTime(): boolean {
    const now = performance.now();
    if (this.#roundAt !== 0) return now - this.#roundAt < ROUND_MS;
    this.#roundAt = now;
    setImmediate(this.#endRound);
    return true;
  }

  /** Gives the waiter turns until its `step` returns false. */
  join(orgId: string, waiter: Waiter): void {
    const waiters = this.#waiting.get(orgId);
    if (waiters) waiters.push(waiter);
    else this.#waiting.set(orgId, [waiter]);
    if (this.#isArmed) return;
    this.#isArmed = true;
    setImmediate(this.#begin);
  }

  readonly #endRound = (): void => {
    this.#roundAt = 0;
  };

  readonly #begin = (): void => {
    this.#turnAt = performance.now();
    this.#next();
  };

  readonly #next = (): void => {
    for (const [orgId, waiters] of this.#waiting) {
      this.#waiting.delete(orgId);
      const waiter = waiters.shift();
      if (waiters.length > 0) this.#waiting.set(orgId, waiters);
      if (waiter?.step()) this.join(orgId, waiter);
      break;
    }
    if (this.#waiting.size === 0) this.#isArmed = false;
    else queueMicrotask(this.#afterPromises);
  };

  /** A translation works in promises, which have to be done before the time is looked at. */
  readonly #afterPromises = (): void => {
    process.nextTick(() => {
      if (performance.now() - this.#turnAt < ROUND_MS) this.#next();
      else setImmediate(this.#begin);
    });
  };
}
