import { describe, expect, test } from "vitest";
import { countedMs, SERVING_SILENCE_MS, STARTING_SILENCE_MS, TICK_MS, toReplace } from "../../src/processes/silence.ts";

const serving = (silentMs: number) => ({ isServing: true, silentMs });
const starting = (silentMs: number) => ({ isServing: false, silentMs });

test("a process that hangs right after an answer is detected within two seconds", () => {
  expect(SERVING_SILENCE_MS + 2 * TICK_MS).toBeLessThan(2_000);
});

describe("processes to replace", () => {
  test("every silent process while another answers", () => {
    const [well, one, two] = [serving(200), serving(SERVING_SILENCE_MS), serving(9_000)];
    expect(toReplace([well, one, two])).toEqual([one, two]);
  });

  test("no process that is still starting and answers, however long it takes", () => {
    expect(toReplace([serving(0), starting(5_000)])).toEqual([]);
  });

  test("a starting process that has not answered for a minute", () => {
    const stuck = starting(STARTING_SILENCE_MS);
    expect(toReplace([serving(0), stuck])).toEqual([stuck]);
  });

  test("one at a time when none answers, because the machine may be slow", () => {
    const [one, two, three] = [serving(2_000), serving(3_000), serving(2_500)];
    expect(toReplace([one, two, three])).toEqual([two]);
    expect(toReplace([one, starting(0), three])).toEqual([]);
  });
});

test("time during which the parent was stopped does not count as silence of its children", () => {
  expect(countedMs(TICK_MS)).toBe(TICK_MS);
  expect(countedMs(3_600_000)).toBeLessThan(SERVING_SILENCE_MS);
});
