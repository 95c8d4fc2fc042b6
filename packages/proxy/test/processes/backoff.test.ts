import { expect, test } from "vitest";
import { Backoff } from "../../src/processes/backoff.ts";

const options = { firstMs: 500, lastMs: 30_000, settledMs: 60_000 };

test("a process that keeps ending after five seconds of service is restarted later each time", () => {
  const backoff = new Backoff(options);
  const waits = Array.from({ length: 10 }, () => backoff.ended(5_000));
  expect(waits).toEqual([0, 500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
});

test("a long time of service resets the delay", () => {
  const backoff = new Backoff(options);
  for (let ends = 0; ends < 8; ends++) backoff.ended(0);
  expect(backoff.ended(60_000)).toBe(0);
  expect(backoff.ended(0)).toBe(500);
});
