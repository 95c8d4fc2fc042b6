import { crossed, watchedOf } from "@tollgate/control/alerts/crossed";
import { expect, test } from "vitest";

const block = { mode: "block", thresholds: [50, 80, 100], cap: 1_000n } as const;
const limit = { ...block, thresholds: [...block.thresholds] };

test.each([
  [0n, 499n, []],
  [0n, 500n, [50]],
  [499n, 500n, [50]],
  [500n, 799n, []],
  [0n, 1_000n, [50, 80, 100]],
  [799n, 5_000n, [80, 100]],
  [1_000n, 2_000n, []],
  [600n, 400n, []],
])("from %s to %s of 1000 crosses %j percent", (before, settled, percents) => {
  expect(crossed(limit, before, settled)).toEqual(percents);
});

test("percentages are exact where a float would not be", () => {
  const cap = 9_007_199_254_740_993n * 100n;
  const mark = 9_007_199_254_740_993n * 7n;
  expect(crossed({ mode: "block", thresholds: [7], cap }, 0n, mark - 1n)).toEqual([]);
  expect(crossed({ mode: "block", thresholds: [7], cap }, 0n, mark)).toEqual([7]);
});

test("a limit in warn mode always alerts at 100 %, others only at their thresholds", () => {
  expect(watchedOf({ mode: "warn", thresholds: [] })).toEqual([100]);
  expect(watchedOf({ mode: "warn", thresholds: [100, 80] })).toEqual([80, 100]);
  expect(watchedOf({ mode: "block", thresholds: [] })).toEqual([]);
  expect(watchedOf({ mode: "shadow", thresholds: [] })).toEqual([]);
});
