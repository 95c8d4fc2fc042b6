import { priceFromOverride } from "@tollgate/catalog/price";
import { UNITS } from "@tollgate/catalog/units";
import { UsageEvent } from "@tollgate/contracts/usage-event";
import { MADE_UP } from "@tollgate/testkit/made-up-unit";
import { usageEvent } from "@tollgate/testkit/usage-event";
import { expect, test } from "vitest";
import type { Counts } from "../src/wires/usage/counts.ts";
import { openaiUsage } from "../src/wires/usage/openai-usage.ts";
import { readUsage } from "../src/wires/usage/read-usage.ts";
import { withinBounds } from "../src/wires/usage/within-bounds.ts";

const units = [...UNITS, MADE_UP.unit];
const own = { inputPerMillion: "1", outputPerMillion: "2", version: "own" };

/** The line in the wire that reports it. */
const read = (counts: Counts) => {
  const use = openaiUsage(counts);
  return use && { ...use, pages: counts.get("pages_read") };
};

test("a made-up unit is read from the usage block, priced, and recorded on the event", () => {
  const report = readUsage(read, MADE_UP.block);
  expect(report).toEqual({ use: MADE_UP.use, flags: [], final: true });
  const use = report?.use ?? MADE_UP.use;
  expect(priceFromOverride({ ...own, units: MADE_UP.price }, units).cost(use)).toBe(MADE_UP.costNano);
  const shipped = JSON.parse(JSON.stringify(usageEvent({ use })));
  expect(UsageEvent.parse(shipped)).toMatchObject({ use: MADE_UP.use, attempts: [{ use: MADE_UP.use }] });
});

test("without a price for it, the cost of a call that used it is unknown; other costs are known", () => {
  const price = priceFromOverride(own, units);
  expect(price.cost(MADE_UP.use)).toBeNull();
  expect(price.cost({ ...MADE_UP.use, pages: 0 })).toBe(140_000n);
});

test("a hold covers its upper bound", () => {
  const price = priceFromOverride({ ...own, units: MADE_UP.price }, units);
  expect(price.maxCost({ input: 100, output: 20, pages: 12 })).toBe(MADE_UP.costNano);
});

test("no hold is possible without its price; as a part, it may be as large as its whole", () => {
  const price = priceFromOverride(own, units);
  expect(price.maxCost({ input: 100, output: 20, pages: 12 })).toBeNull();
  expect(price.unknownUnit({ input: 100, output: 20, pages: 12 })).toBe("pages");
  expect(price.maxCost({ input: 100, output: 20, pages: 0 })).toBe(140_000n);
  const part = { ...MADE_UP.unit, partOf: "output", kind: "modality", per: 1_000_000 } as const;
  const dearPart = priceFromOverride({ ...own, units: { [part.id]: "9" } }, [...UNITS, part]);
  expect(dearPart.maxCost({ input: 100, output: 20 })).toBe(100_000n + 180_000n);
});

test("an implausible amount of it is clamped, as for every unit; as a part, it is not larger than its whole", () => {
  const part = { ...MADE_UP.unit, partOf: "output", kind: "modality", max: undefined } as const;
  const uncapped = { inputTokens: null, outputTokens: null };
  const most = [...UNITS, { ...MADE_UP.unit, max: 10 }];
  expect(withinBounds(MADE_UP.use, uncapped, most)).toEqual({ ...MADE_UP.use, pages: 10 });
  expect(withinBounds({ ...MADE_UP.use, pages: 50 }, uncapped, [...UNITS, part])).toEqual({
    ...MADE_UP.use,
    pages: 20,
  });
});
