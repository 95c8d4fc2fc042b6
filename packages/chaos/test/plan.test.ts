import { expect, test } from "vitest";
import { FAULT_NAMES } from "../src/faults.ts";
import { planFaults } from "../src/plan.ts";

const TEN_MINUTES_MS = 600_000;

test("the same seed gives the same plan, another seed another plan", () => {
  expect(planFaults(7, TEN_MINUTES_MS)).toEqual(planFaults(7, TEN_MINUTES_MS));
  expect(planFaults(7, TEN_MINUTES_MS)).not.toEqual(planFaults(8, TEN_MINUTES_MS));
});

test("every fault comes once before any is repeated; they do not overlap and fit into the time", () => {
  const plan = planFaults(7, TEN_MINUTES_MS);
  expect(new Set(plan.slice(0, FAULT_NAMES.length).map(({ fault }) => fault)).size).toBe(FAULT_NAMES.length);
  const ends = plan.map(({ atMs, lastsMs }) => atMs + lastsMs);
  expect(plan.slice(1).every(({ atMs }, index) => atMs > (ends[index] ?? 0))).toBe(true);
  expect(ends.at(-1)).toBeLessThanOrEqual(TEN_MINUTES_MS);
});

test("a very short run has no faults", () => {
  expect(planFaults(7, 100)).toEqual([]);
});
