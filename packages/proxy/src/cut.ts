import type { Exchange } from "./exchange.ts";

export type CutReason = "client_left" | "deadline" | "key_revoked" | "server_shutdown";

/** What ends a call from outside, at any moment: its client leaves, its time is up, its key is revoked, we shut down. */
export class Cut {
  reason: CutReason | null = null;
  readonly #timer: NodeJS.Timeout;
  #listener: ((reason: CutReason) => void) | null = null;
  #leftGraceMs = 0;
  #cutAt = 0;
  #grace: NodeJS.Timeout | undefined;

  constructor(exchange: Exchange, totalMs: number) {
    this.#timer = setTimeout(() => this.cut("deadline"), totalMs);
    exchange.onLeft(() => this.cut("client_left"));
    exchange.onShutdown(() => this.cut("server_shutdown"));
  }

  /**
   * The stage at work hears of it; one listener at a time. Called at once when it has happened already; that the client
   * left, `leftGraceMs` after it did.
   */
  listen(listener: ((reason: CutReason) => void) | null, leftGraceMs = 0): void {
    clearTimeout(this.#grace);
    this.#listener = listener;
    this.#leftGraceMs = leftGraceMs;
    if (this.reason) this.#tell(this.reason);
  }

  close(): void {
    clearTimeout(this.#timer);
    clearTimeout(this.#grace);
    this.#listener = null;
  }

  cut(reason: CutReason): void {
    if (this.reason) return;
    this.reason = reason;
    this.#cutAt = performance.now();
    this.#tell(reason);
  }

  #tell(reason: CutReason): void {
    const listener = this.#listener;
    const graceMs = reason === "client_left" ? this.#leftGraceMs - (performance.now() - this.#cutAt) : 0;
    if (graceMs > 0) this.#grace = setTimeout(() => listener?.(reason), graceMs);
    else listener?.(reason);
  }
}
