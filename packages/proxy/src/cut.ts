import type { Exchange } from "./exchange.ts";

export type CutReason = "client_left" | "deadline" | "key_revoked";

/** What ends a call from outside, at any moment: its client leaves, its time is up, its key is revoked. */
export class Cut {
  reason: CutReason | null = null;
  readonly #timer: NodeJS.Timeout;
  #listener: ((reason: CutReason) => void) | null = null;

  constructor(exchange: Exchange, totalMs: number) {
    this.#timer = setTimeout(() => this.cut("deadline"), totalMs);
    exchange.onLeft(() => this.cut("client_left"));
  }

  /** The stage at work hears of it; one listener at a time. Called at once when it has happened already. */
  listen(listener: ((reason: CutReason) => void) | null): void {
    this.#listener = listener;
    if (this.reason && listener) listener(this.reason);
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#listener = null;
  }

  cut(reason: CutReason): void {
    if (this.reason) return;
    this.reason = reason;
    this.#listener?.(reason);
  }
}
