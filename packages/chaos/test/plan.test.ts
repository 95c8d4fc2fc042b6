import { expect, test } from "vitest";
import { FAULT_NAMES } from "../src/faults.ts";
import { planFaults } from "../src/plan.ts";

const TEN_MINUTES_MS = 600_000;

test("a seed is a plan, and another seed another", () => {
  expect(planFaults(7, TEN_MINUTES_MS)).toEqual(planFaults(7, TEN_MINUTES_MS));
  expect(planFaults(7, TEN_MINUTES_MS)).not.toEqual(planFaults(8, TEN_MINUTES_MS));
});

test("every fault comes before any comes again, one after the other, all within the time", () => {
  const plan = planFaults(7, TEN_MINUTES_MS);
  expect(new Set(plan.slice(0, FAULT_NAMES.length).map(({ fault }) => fault)).size).toBe(FAULT_NAMES.length);
  const ends = plan.map(({ atMs, lastsMs }) => atMs + lastsMs);
  expect(plan.slice(1).every(({ atMs }, index) => atMs > (ends[index] ?? 0))).toBe(true);
  expect(ends.at(-1)).toBeLessThanOrEqual(TEN_MINUTES_MS);
});

test("a moment is enough for nothing", () => {
  expect(planFaults(7, 100)).toEqual([]);
});
