import { parseSignedUsd, parseUsd, usdString } from "@tollgate/contracts/money";
import { expect, it } from "vitest";
import { chartPoints, chartSeries, OTHERS } from "../src/lib/chart-points.ts";

const SLOTS = ["2026-11-01T00:00:00.000Z", "2026-11-02T00:00:00.000Z"];
const NONE = { errors: 0, unpriced: 0, cacheHits: 0, inputTokens: 0, outputTokens: 0, use: {} };

/** Ten groups, each with one nano-dollar more than the next, in both slots. */
function spend() {
  const costs = Array.from({ length: 10 }, (_, index) => 10_000_000_000n - BigInt(index));
  const sums = (costNano: bigint, requests: number) => ({ ...NONE, costUsd: usdString(costNano), requests });
  const groups = costs.map((_, index) => ({ id: `g${index}`, label: `Group ${index}`, deleted: false }));
  const total = costs.reduce((sum, cost) => sum + 2n * cost, 0n);
  return {
    from: "2026-11-01T00:00:00.000Z",
    to: "2026-11-03T00:00:00.000Z",
    interval: "day" as const,
    timeZone: "UTC",
    slots: SLOTS,
    groups,
    series: SLOTS.flatMap((slot) => costs.map((cost, index) => ({ ...sums(cost, 1), slot, groupId: `g${index}` }))),
    rows: costs.map((cost, index) => ({
      ...sums(2n * cost, 2),
      groupId: `g${index}`,
      label: `Group ${index}`,
      deleted: false,
    })),
    total: sums(total, 20),
    previousTotal: sums(0n, 0),
    adjustments: [],
    later: null,
    other: null,
    lastReconciledAt: null,
    attribution: null,
  };
}

const nano = (text: string): bigint =>
  parseSignedUsd(text.replace(/[$,]/g, "").replace("−", "-")) ?? expect.unreachable();

it("draws seven groups and the rest as one", () => {
  const series = chartSeries(spend());
  expect(series).toHaveLength(8);
  expect(series.at(-1)).toEqual({ id: OTHERS, label: "3 others" });
});

it("adds up to the table's total, to the nano-dollar", () => {
  const data = spend();
  const points = chartPoints(data, "cost");
  const drawn = points.reduce((sum, point) => sum + nano(point.total), 0n);
  const written = points.flatMap(({ texts }) => Object.values(texts)).reduce((sum, text) => sum + nano(text), 0n);
  expect(drawn).toBe(parseUsd(data.total.costUsd));
  expect(written).toBe(drawn);
});

it("has a point for a slot without requests", () => {
  const data = { ...spend(), series: [] };
  expect(chartPoints(data, "requests").map(({ total }) => total)).toEqual(["0", "0"]);
});

it("goes below zero if the adjustments of a slot exceed its spend", () => {
  const data = spend();
  const [first = expect.unreachable()] = data.series;
  const series = [{ ...first, costUsd: "-0.000000007" }, ...data.series.slice(1, 2)];
  const [point] = chartPoints({ ...data, series }, "cost");
  expect(point?.values["0"]).toBe(-0.000000007);
  expect(point?.texts["0"]).toBe("−$0.000000007");
  expect(nano(point?.total ?? "")).toBe(10_000_000_000n - 1n - 7n);
});
