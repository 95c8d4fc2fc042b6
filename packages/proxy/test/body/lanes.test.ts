import { expect, test } from "vitest";
import { inTurns, Lane, type Steps } from "../../src/body/steps.ts";

test("work with a lane of its own does not wait behind large bodies, however many there are", async () => {
  let isOver = false;
  let turns = 0;
  function* body(): Steps<void> {
    while (!isOver) {
      turns += 1;
      const until = performance.now() + 1;
      while (performance.now() < until);
      yield;
    }
  }
  const bodies = Array.from({ length: 200 }, () => inTurns(body()));
  function* policy(): Steps<string> {
    for (let step = 0; step < 5; step++) {
      const until = performance.now() + 1;
      while (performance.now() < until);
      yield;
    }
    return "read";
  }
  expect(await inTurns(policy(), new Lane())).toBe("read");
  expect(turns).toBeLessThan(50);
  isOver = true;
  await Promise.all(bodies);
});
