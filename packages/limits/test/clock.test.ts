import { createClock } from "@tollgate/limits/clock";
import { afterEach, expect, test, vi } from "vitest";

afterEach(() => vi.useRealTimers());

test("a clock of one's own is followed until the store is heard, and the store's from then on", () => {
  vi.useFakeTimers({ now: 1_000_000 });
  const clock = createClock();
  expect(clock.now()).toBe(1_000_000);
  clock.follow(5_000_000);
  expect(clock.now()).toBe(5_000_000);
  vi.setSystemTime(99);
  expect(clock.now()).toBe(5_000_000);
  vi.advanceTimersByTime(250);
  expect(clock.now()).toBe(5_000_250);
});

test("what the way to the store takes does not make it go back and forth", () => {
  vi.useFakeTimers({ now: 0 });
  const clock = createClock();
  clock.follow(5_000_000);
  clock.follow(4_999_990);
  expect(clock.now()).toBe(5_000_000);
  clock.follow(4_000_000);
  expect(clock.now()).toBe(4_000_000);
});
