import { createMemoryStore } from "@tollgate/limits/memory-store";
import { freshId } from "@tollgate/testkit/fresh-id";
import { expect, test } from "vitest";
import { limitStoreContract } from "./store-contract.ts";

limitStoreContract("memory store", () => createMemoryStore({ now: Date.now }));

test("counters of ended windows and runs are deleted unless they have holds", () => {
  let nowMs = 0;
  const store = createMemoryStore({ now: () => nowMs });
  const orgId = freshId();
  const hold = (counter: string, resetsAtMs: number | null, keptUntilMs: number | null = null) => {
    const id = freshId();
    store.hold(id, orgId, [
      { limitId: freshId(), counter, unit: "requests", mode: "block", amount: 1n, cap: 10n, resetsAtMs, keptUntilMs },
    ]);
    return id;
  };
  store.settle(hold("ended", 1_000), orgId, { usd: 0n, tokens: 0n });
  store.settle(hold("endless", null), orgId, { usd: 0n, tokens: 0n });
  store.settle(hold("idle run", null, 1_000), orgId, { usd: 0n, tokens: 0n });
  store.settle(hold("run", null, 900), orgId, { usd: 0n, tokens: 0n });
  store.settle(hold("run", null, 1_001), orgId, { usd: 0n, tokens: 0n });
  hold("under way", 1_000);
  nowMs = 1_000;
  for (let counter = 0; counter < 4_096; counter += 1) hold(`other ${counter}`, 9_999);
  expect(store.read(orgId, ["ended", "endless", "idle run", "run", "under way"])).toEqual([
    { committed: 0n, held: 0n },
    { committed: 1n, held: 0n },
    { committed: 0n, held: 0n },
    { committed: 2n, held: 0n },
    { committed: 0n, held: 1n },
  ]);
});
