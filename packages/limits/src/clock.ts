/** Epoch milliseconds by the clock of a shared limit store; without one, by this machine's clock. */
export interface Clock {
  now(): number;
  /** Sets the clock to the store's time. */
  follow(storeMs: number): void;
}

/** A smaller difference is the round trip. */
const NOTICED_MS = 20;

/**
 * All processes must use the same windows, whatever the clocks of their machines say. After the store's time is known, only
 * the time since then is measured here, by a monotonic clock.
 */
export function createClock(): Clock {
  let offsetMs: number | null = null;
  const now = (): number => (offsetMs === null ? Date.now() : Math.floor(performance.now() + offsetMs));
  return {
    now,
    follow(storeMs) {
      if (offsetMs === null || Math.abs(storeMs - now()) > NOTICED_MS) offsetMs = storeMs - performance.now();
    },
  };
}
