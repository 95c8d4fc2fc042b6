/** Epoch milliseconds by the clock of a limit store that several processes share, else by one's own. */
export interface Clock {
  now(): number;
  /** The store says what time it is. */
  follow(storeMs: number): void;
}

/** Less is the way there and back. */
const NOTICED_MS = 20;

/**
 * Windows must be the same to all who count in them, whatever the clocks of their machines say: once the store has been
 * heard, only what has passed since is measured here, which no change of this machine's clock can alter.
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
