/** What waits for a place at an origin. */
export interface Waiter {
  /** There is a place now; `leave` gives it back. */
  start(): void;
  /** No place came free in time. */
  expired(): void;
}

interface Origin {
  running: number;
  /** In the order they came. */
  waiting: Map<Waiter, NodeJS.Timeout>;
}

/** So many calls run at one origin at once; the next ones wait in line, for so long. */
export class OriginGate {
  readonly #runningMax: number;
  readonly #waitMs: number;
  readonly #origins = new Map<string, Origin>();

  constructor(runningMax: number, waitMs: number) {
    this.#runningMax = runningMax;
    this.#waitMs = waitMs;
  }

  /** Starts the waiter now or when it is its turn. */
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

  /** Takes a waiter out of the line; false: it is not there. */
  cancel(name: string, waiter: Waiter): boolean {
    const origin = this.#origins.get(name);
    clearTimeout(origin?.waiting.get(waiter));
    return origin?.waiting.delete(waiter) ?? false;
  }

  /** Once for each waiter that was started. */
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
