import { describe, expect, test } from "vitest";
import { countedMs, SERVING_SILENCE_MS, STARTING_SILENCE_MS, TICK_MS, toReplace } from "../../src/processes/silence.ts";

const serving = (silentMs: number) => ({ isServing: true, silentMs });
const starting = (silentMs: number) => ({ isServing: false, silentMs });

test("a process that falls silent right after an answer is found within two seconds", () => {
  expect(SERVING_SILENCE_MS + 2 * TICK_MS).toBeLessThan(2_000);
});

describe("what is replaced", () => {
  test("every process that is silent while another answers", () => {
    const [well, one, two] = [serving(200), serving(SERVING_SILENCE_MS), serving(9_000)];
    expect(toReplace([well, one, two])).toEqual([one, two]);
  });

  test("nothing that starts slowly but answers, however long it takes", () => {
    expect(toReplace([serving(0), starting(5_000)])).toEqual([]);
  });

  test("what has not answered for a minute while it starts", () => {
    const stuck = starting(STARTING_SILENCE_MS);
    expect(toReplace([serving(0), stuck])).toEqual([stuck]);
  });

  test("one at a time when nobody answers: the machine may be the reason", () => {
    const [one, two, three] = [serving(2_000), serving(3_000), serving(2_500)];
    expect(toReplace([one, two, three])).toEqual([two]);
    expect(toReplace([one, starting(0), three])).toEqual([]);
  });
});

test("the time in which the parent itself was stopped is not held against its children", () => {
  expect(countedMs(TICK_MS)).toBe(TICK_MS);
  expect(countedMs(3_600_000)).toBeLessThan(SERVING_SILENCE_MS);
});
