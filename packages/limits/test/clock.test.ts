import { createClock } from "@tollgate/limits/clock";
import { afterEach, expect, test, vi } from "vitest";

afterEach(() => vi.useRealTimers());

test("the machine's clock is used until the store's time is known, then the store's clock", () => {
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

test("the round trip to the store does not move the clock back and forth", () => {
  vi.useFakeTimers({ now: 0 });
  const clock = createClock();
  clock.follow(5_000_000);
  clock.follow(4_999_990);
  expect(clock.now()).toBe(5_000_000);
  clock.follow(4_000_000);
  expect(clock.now()).toBe(4_000_000);
});
