export interface BackoffOptions {
  firstMs: number;
  lastMs: number;
  /** A process that served this long was well: its next end starts a new count. */
  settledMs: number;
}

/** How long to wait before each start of a process that ended: not at all, then `firstMs`, then twice as long each time. */
export class Backoff {
  /** Ends in a row, none of which came after a long time of service. */
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
