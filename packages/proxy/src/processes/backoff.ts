export interface BackoffOptions {
  firstMs: number;
  lastMs: number;
  /** Time of service after which the count of ends starts again. */
  settledMs: number;
}

/** Delay before each restart of a process: 0, then `firstMs`, then doubled each time up to `lastMs`. */
export class Backoff {
  /** Consecutive ends after a short time of service. */
  ends = 0;
  readonly #options: BackoffOptions;

  constructor(options: BackoffOptions) {
    this.#options = options;
  }

  /** Milliseconds to wait before the next start. */
  ended(servedMs: number): number {
    const { firstMs, lastMs, settledMs } = this.#options;
    this.ends = servedMs >= settledMs ? 1 : this.ends + 1;
    return this.ends === 1 ? 0 : Math.min(firstMs * 2 ** (this.ends - 2), lastMs);
  }
}
