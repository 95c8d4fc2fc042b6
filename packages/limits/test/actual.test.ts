import { actualOf } from "@tollgate/limits/actual";
import { usageEvent } from "@tollgate/testkit/usage-event";
import { expect, test } from "vitest";

test("a call used what it cost and every token in and out", () => {
  expect(actualOf(usageEvent({ costNano: "125000" }))).toEqual({ usd: 125_000n, tokens: 200n });
});

test("an unknown price counts as what was held", () => {
  expect(actualOf(usageEvent({ costNano: null, heldNano: "400000" }))).toMatchObject({ usd: 400_000n });
  expect(actualOf(usageEvent({ costNano: null, heldNano: null }))).toMatchObject({ usd: null });
});

test("a call counts what it says, which may be more than it cost; an older event counts its cost", () => {
  expect(actualOf(usageEvent({ costNano: "0", countedNano: "125000" }))).toMatchObject({ usd: 125_000n });
  expect(actualOf(usageEvent({ costNano: null, countedNano: null, heldNano: "9" }))).toMatchObject({ usd: 9n });
  expect(actualOf(usageEvent({ costNano: "7" }))).toMatchObject({ usd: 7n });
});

test("a refused call used nothing", () => {
  expect(actualOf(usageEvent({ outcome: "refused" }))).toBeNull();
});
