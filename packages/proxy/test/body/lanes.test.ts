import { describe, expect, test } from "vitest";
import { inTurns, Lanes, type Steps } from "../../src/body/steps.ts";

/** Each step takes a whole turn. */
function* steps<Result>(count: number, result: Result, onTurn = () => {}): Steps<Result> {
  for (let step = 0; step < count; step++) {
    onTurn();
    const until = performance.now() + 1;
    while (performance.now() < until);
    yield;
  }
  return result;
}

describe("many large bodies at once", () => {
  async function besides(work: (lanes: Lanes) => Promise<unknown>): Promise<number> {
    const lanes = new Lanes();
    let turns = 0;
    const bodies = Array.from({ length: 200 }, () =>
      inTurns(
        steps(1, null, () => {
          turns += 1;
        }),
        lanes.of("crowd"),
      ),
    );
    await work(lanes);
    const before = turns;
    await Promise.all(bodies);
    return before;
  }

  test("of one organisation get every second turn while another's body is processed", async () => {
    expect(await besides((lanes) => inTurns(steps(5, "read"), lanes.of("other")))).toBeLessThan(20);
  });

  test("do not delay policy, which has separate turns", async () => {
    expect(await besides(() => inTurns(steps(5, "read"), new Lanes().of("policy")))).toBeLessThan(20);
  });

  test("are processed in the order of arrival", async () => {
    const lanes = new Lanes();
    const done: number[] = [];
    await Promise.all(
      [0, 1, 2].map(async (body) => {
        await inTurns(steps(2, null), lanes.of("crowd"));
        done.push(body);
      }),
    );
    expect(done).toEqual([0, 1, 2]);
  });
});
