import { createMemoryStore } from "@tollgate/limits/memory-store";
import { expect, test } from "vitest";
import { untilSeeded } from "../../src/allowance/seeded-limits.ts";
import { id, limit } from "../setup.ts";

test("a store that must be seeded again makes and raises no holds, because its counters may be too low", () => {
  const limits = untilSeeded(createMemoryStore({ now: Date.now }));
  const [orgId, first] = [id(), id()];
  const { id: limitId } = limit({});
  const entry = { limitId, counter: "c", unit: "usd", mode: "block", cap: 10n, resetsAtMs: null } as const;
  limits.open(orgId);
  expect(limits.hold(first, orgId, [{ ...entry, amount: 1n }]).ok).toBe(true);
  limits.shut();
  expect(() => limits.hold(id(), orgId, [{ ...entry, amount: 1n }])).toThrow("not seeded");
  expect(() => limits.extend(first, orgId, [{ ...entry, amount: 2n }])).toThrow("not seeded");
  limits.settle(first, orgId, { usd: 1n, tokens: 0n });
  expect(limits.read(orgId, ["c"])).toEqual([{ committed: 1n, held: 0n }]);
});
