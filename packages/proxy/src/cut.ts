import type { Exchange } from "./exchange.ts";

export type CutReason = "client_left" | "deadline" | "key_revoked" | "server_shutdown";

interface Listener {
  notify(reason: CutReason): void;
  leftGraceMs: number;
  grace: NodeJS.Timeout | undefined;
}

/**
 * Ends a call from outside at any time: the client leaves, the time limit passes, the key is revoked, the process
 * stops.
 */
export class Cut {
  reason: CutReason | null = null;
  readonly #startedAt = performance.now();
  #timer: NodeJS.Timeout;
  #listeners: Listener[] = [];
  #cutAt = 0;

  constructor(exchange: Exchange, totalMs: number) {
    this.#timer = setTimeout(() => this.cut("deadline"), totalMs);
    exchange.onLeft(() => this.cut("client_left"));
    exchange.onShutdown(() => this.cut("server_shutdown"));
  }

  /** Sets another time limit, counted from the start. */
  limit(totalMs: number): void {
    if (this.reason) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.cut("deadline"), totalMs - (performance.now() - this.#startedAt));
  }

  /**
   * Calls `notify` when the call is cut, until the returned function is called. At once if that has happened
   * already; if the client left, `leftGraceMs` after that.
   */
  listen(notify: (reason: CutReason) => void, leftGraceMs = 0): () => void {
    const listener: Listener = { notify, leftGraceMs, grace: undefined };
    this.#listeners.push(listener);
    if (this.reason) this.#notify(listener, this.reason);
    return () => {
      clearTimeout(listener.grace);
      this.#listeners = this.#listeners.filter((each) => each !== listener);
    };
  }

  close(): void {
    clearTimeout(this.#timer);
    for (const { grace } of this.#listeners) clearTimeout(grace);
    this.#listeners = [];
  }

  cut(reason: CutReason): void {
    if (this.reason) return;
    this.reason = reason;
    this.#cutAt = performance.now();
    for (const listener of this.#listeners) this.#notify(listener, reason);
  }

  #notify(listener: Listener, reason: CutReason): void {
    const graceMs = reason === "client_left" ? listener.leftGraceMs - (performance.now() - this.#cutAt) : 0;
    if (graceMs > 0) listener.grace = setTimeout(() => listener.notify(reason), graceMs);
    else listener.notify(reason);
  }
}
