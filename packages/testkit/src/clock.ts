export interface TestClock {
  /** Milliseconds since the epoch. The clock stands still. */
  now: () => number;
  advance(byMs: number): void;
}

export function testClock(startMs: number = Date.UTC(2026, 0, 15, 12)): TestClock {
  let nowMs = startMs;
  return {
    now: () => nowMs,
    advance(byMs) {
      nowMs += byMs;
    },
  };
}
