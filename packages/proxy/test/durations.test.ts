import { Histogram, Registry } from "prom-client";
import { expect, test } from "vitest";
import { openDurations } from "../src/metrics/durations.ts";

test("durations give the same output as the library's histogram", async () => {
  const [own, library] = [new Registry(), new Registry()];
  const form = { name: "wait_seconds", help: "How long it took.", buckets: [0.001, 0.25, 1, 60] };
  const observe = openDurations({ ...form, registers: [own] });
  const histogram = new Histogram({ ...form, registers: [library] });
  for (const seconds of [0, 0.001, 0.0011, 0.25, 0.5, 1, 59.75, 60, 61]) {
    observe(seconds);
    histogram.observe(seconds);
  }
  expect(await own.metrics()).toBe(await library.metrics());
});
