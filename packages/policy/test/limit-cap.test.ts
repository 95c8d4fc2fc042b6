import { capAt, isActiveAt, isOver, leftOf } from "@tollgate/policy/limit-cap";
import { expect, test } from "vitest";

test("an increase adds to a limit until it ends, exclusive", () => {
  const increases = [
    { amount: 5n, untilMs: 100 },
    { amount: 7n, untilMs: 200 },
  ];
  const caps = [99, 100, 199, 200].map((atMs) => capAt({ amount: 10n, increases }, atMs));
  expect(caps).toEqual([22n, 17n, 17n, 10n]);
  expect(increases.map((increase) => isActiveAt(increase, 100))).toEqual([false, true]);
});

test.each([
  [0n, 10n, false],
  [1n, 10n, true],
  [9n, 0n, false],
  [10n, 0n, true],
  [11n, 0n, true],
])("with %d used of 10, a call of %d is over: %s", (used, amount, over) => {
  expect(isOver(used, amount, 10n)).toBe(over);
});

test("the rest is never below 0", () => {
  expect([4n, 10n, 11n].map((used) => leftOf(10n, used))).toEqual([6n, 0n, 0n]);
});
