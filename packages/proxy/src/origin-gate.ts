/** A call that waits for its turn at an origin. */
export interface Waiter {
  /** Called when the call may run; `leave` must follow. */
  start(): void;
  /** Called when the wait time is over. */
  expired(): void;
}

interface Origin {
  running: number;
  /** In order of arrival. */
  waiting: Map<Waiter, NodeJS.Timeout>;
}

/** Bounds the concurrent calls to one origin to `runningMax`. Further calls wait in a queue, each at most `waitMs`. */
export class OriginGate {
  readonly #runningMax: number;
  readonly #waitMs: number;
  readonly #origins = new Map<string, Origin>();

  constructor(runningMax: number, waitMs: number) {
    this.#runningMax = runningMax;
    this.#waitMs = waitMs;
  }

  /** Starts the waiter now or when its turn comes. */
  enter(name: string, waiter: Waiter): void {
    const origin = this.#origins.get(name) ?? { running: 0, waiting: new Map() };
    this.#origins.set(name, origin);
    if (origin.running < this.#runningMax) {
      origin.running += 1;
      waiter.start();
      return;
    }
    const expire = (): void => {
      origin.waiting.delete(waiter);
      waiter.expired();
    };
    origin.waiting.set(waiter, setTimeout(expire, this.#waitMs));
  }

  /** Removes a waiter from the queue. False when it is not in the queue. */
  cancel(name: string, waiter: Waiter): boolean {
    const origin = this.#origins.get(name);
    clearTimeout(origin?.waiting.get(waiter));
    return origin?.waiting.delete(waiter) ?? false;
  }

  /** Must be called once for each waiter that was started. */
  leave(name: string): void {
    const origin = this.#origins.get(name);
    if (!origin) return;
    const [next] = origin.waiting.keys();
    if (next) {
      this.cancel(name, next);
      next.start();
      return;
    }
    origin.running -= 1;
    if (origin.running === 0) this.#origins.delete(name);
  }
}
