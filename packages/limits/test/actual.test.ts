import { actualOf } from "@tollgate/limits/actual";
import { usageEvent } from "@tollgate/testkit/usage-event";
import { expect, test } from "vitest";

test("a call counts its cost and all input and output tokens", () => {
  expect(actualOf(usageEvent({ costNano: "125000" }))).toEqual({ usd: 125_000n, tokens: 200n });
});

test("a call with an unknown price counts the amount held", () => {
  expect(actualOf(usageEvent({ costNano: null, heldNano: "400000" }))).toMatchObject({ usd: 400_000n });
  expect(actualOf(usageEvent({ costNano: null, heldNano: null }))).toMatchObject({ usd: null });
});

test("a call counts `countedNano`, which may exceed its cost; an event of an older version counts its cost", () => {
  expect(actualOf(usageEvent({ costNano: "0", countedNano: "125000" }))).toMatchObject({ usd: 125_000n });
  expect(actualOf(usageEvent({ costNano: null, countedNano: null, heldNano: "9" }))).toMatchObject({ usd: 9n });
  expect(actualOf(usageEvent({ costNano: "7" }))).toMatchObject({ usd: 7n });
});

test("a refused call counts nothing", () => {
  expect(actualOf(usageEvent({ outcome: "refused" }))).toBeNull();
});
