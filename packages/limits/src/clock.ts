/** Time in epoch milliseconds: by the clock of the shared limit store, or else by this machine's clock. */
export interface Clock {
  now(): number;
  /** Sets the clock to the store's time. */
  follow(storeMs: number): void;
}

/** Smaller differences are ignored: they come from the round trip to the store. */
const NOTICED_MS = 20;

/**
 * All processes must use the same windows, even if the clocks of their machines differ. So the store's time is used,
 * plus the time since it was read, measured by a monotonic clock.
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
