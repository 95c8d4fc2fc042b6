import type { LimitMode, LimitUnit } from "@tollgate/contracts/limit";
import type { HoldEntry, LimitStore } from "@tollgate/limits/store";
import { freshId } from "@tollgate/testkit/fresh-id";
import { beforeEach, describe, expect, test } from "vitest";

interface Wanted {
  counter: string;
  amount: bigint;
  cap: bigint;
  unit?: LimitUnit;
  mode?: LimitMode;
}

const NEVER = null;

const entry = ({ counter, amount, cap, unit = "usd", mode = "block" }: Wanted): HoldEntry => ({
  limitId: freshId(),
  counter,
  unit,
  mode,
  amount,
  cap,
  resetsAtMs: NEVER,
});

/** What every limit store must do. `open` gives an empty one. */
export function limitStoreContract(name: string, open: () => Promise<LimitStore> | LimitStore): void {
  describe(name, () => {
    let store: LimitStore;
    const orgId = freshId();
    beforeEach(async () => {
      store = await open();
      return () => store.close();
    });

    const hold = (...wanted: Wanted[]) => store.hold(freshId(), orgId, wanted.map(entry));
    const read = async (...counters: string[]) => store.read(orgId, counters);

    test("admits up to the cap to the last unit, and not one beyond", async () => {
      expect(await hold({ counter: "a", amount: 60n, cap: 100n })).toMatchObject({ ok: true });
      expect(await hold({ counter: "a", amount: 41n, cap: 100n })).toMatchObject({
        ok: false,
        refusedBy: 0,
        state: { committed: 0n, held: 60n },
      });
      expect(await hold({ counter: "a", amount: 40n, cap: 100n })).toMatchObject({
        ok: true,
        states: [{ committed: 0n, held: 100n }],
      });
    });

    test("holds all or nothing, and names the first that refuses", async () => {
      await hold({ counter: "full", amount: 10n, cap: 10n });
      const refusal = await hold(
        { counter: "a", amount: 1n, cap: 10n },
        { counter: "full", amount: 1n, cap: 10n },
        { counter: "also full", amount: 1n, cap: 0n },
      );
      expect(refusal).toMatchObject({ ok: false, refusedBy: 1, state: { committed: 0n, held: 10n } });
      expect(await read("a", "full", "also full")).toEqual([
        { committed: 0n, held: 0n },
        { committed: 0n, held: 10n },
        { committed: 0n, held: 0n },
      ]);
    });

    test.each<LimitMode>(["warn", "shadow"])("a limit of mode %s counts and never refuses", async (mode) => {
      expect(await hold({ counter: "a", amount: 50n, cap: 10n, mode })).toMatchObject({
        ok: true,
        states: [{ committed: 0n, held: 50n }],
      });
    });

    test("a call that went on without a hold is counted when it ends, beyond the cap too", async () => {
      await read("a");
      const id = freshId();
      store.letThrough(id, orgId, [entry({ counter: "a", amount: 50n, cap: 10n })]);
      await store.settle(id, orgId, { usd: 40n, tokens: 0n });
      expect(await read("a")).toEqual([{ committed: 40n, held: 0n }]);
      expect(await hold({ counter: "a", amount: 1n, cap: 40n })).toMatchObject({ ok: false });
    });

    test("settles with the actual amount of each unit, once", async () => {
      const id = freshId();
      const cap = 1_000n;
      await store.hold(id, orgId, [
        entry({ counter: "usd", amount: 90n, cap }),
        entry({ counter: "tokens", amount: 400n, cap, unit: "tokens" }),
        entry({ counter: "requests", amount: 1n, cap, unit: "requests" }),
        entry({ counter: "concurrent", amount: 1n, cap, unit: "concurrent" }),
      ]);
      for (let again = 0; again < 2; again += 1) await store.settle(id, orgId, { usd: 33n, tokens: 120n });
      await store.void(id, orgId);
      expect(await read("usd", "tokens", "requests", "concurrent")).toEqual([
        { committed: 33n, held: 0n },
        { committed: 120n, held: 0n },
        { committed: 1n, held: 0n },
        { committed: 0n, held: 0n },
      ]);
    });

    test("an unknown price settles as what was held", async () => {
      const id = freshId();
      await store.hold(id, orgId, [entry({ counter: "a", amount: 90n, cap: 100n })]);
      await store.settle(id, orgId, { usd: null, tokens: 0n });
      expect(await read("a")).toEqual([{ committed: 90n, held: 0n }]);
    });

    test("voids without a trace, once, and not after it was settled", async () => {
      const id = freshId();
      await store.hold(id, orgId, [entry({ counter: "a", amount: 90n, cap: 100n })]);
      for (let again = 0; again < 2; again += 1) await store.void(id, orgId);
      await store.settle(id, orgId, { usd: 5n, tokens: 0n });
      expect(await read("a")).toEqual([{ committed: 0n, held: 0n }]);
    });

    test("a hold made twice for one request is one hold", async () => {
      const id = freshId();
      const wanted = [entry({ counter: "a", amount: 60n, cap: 100n })];
      expect(await store.hold(id, orgId, wanted)).toMatchObject({ ok: true });
      expect(await store.hold(id, orgId, wanted)).toMatchObject({ ok: true, states: [{ committed: 0n, held: 60n }] });
      await store.void(id, orgId);
      expect(await read("a")).toEqual([{ committed: 0n, held: 0n }]);
    });

    test("ignores the end of what it does not know", async () => {
      await store.settle(freshId(), orgId, { usd: 5n, tokens: 5n });
      await store.void(freshId(), orgId);
      expect(await read("a")).toEqual([{ committed: 0n, held: 0n }]);
    });

    test("seeding tells what was spent, and never lowers a counter", async () => {
      await store.seed(orgId, { committed: new Map([["a", 70n]]), revision: 0 });
      await store.seed(orgId, { committed: new Map([["a", 20n]]), revision: 0 });
      expect(await read("a")).toEqual([{ committed: 70n, held: 0n }]);
      expect(await hold({ counter: "a", amount: 31n, cap: 100n })).toMatchObject({ ok: false });
    });

    test("a cap below what was spent refuses at once", async () => {
      await store.seed(orgId, { committed: new Map([["a", 70n]]), revision: 0 });
      expect(await hold({ counter: "a", amount: 0n, cap: 50n })).toMatchObject({
        ok: false,
        state: { committed: 70n, held: 0n },
      });
    });

    test("a cap that is raised for a while lets in as much more, and no more once it is back", async () => {
      await hold({ counter: "a", amount: 100n, cap: 100n });
      expect(await hold({ counter: "a", amount: 20n, cap: 125n })).toMatchObject({ ok: true });
      expect(await hold({ counter: "a", amount: 6n, cap: 125n })).toMatchObject({ ok: false });
      expect(await hold({ counter: "a", amount: 1n, cap: 100n })).toMatchObject({ ok: false, state: { held: 120n } });
    });

    test("amounts beyond what a double can count stay exact", async () => {
      const huge = 9_007_199_254_740_993n;
      await store.seed(orgId, { committed: new Map([["a", huge]]), revision: 0 });
      expect(await hold({ counter: "a", amount: 1n, cap: huge })).toMatchObject({ ok: false });
      expect(await hold({ counter: "a", amount: 1n, cap: huge + 1n })).toMatchObject({ ok: true });
      expect(await read("a")).toEqual([{ committed: huge, held: 1n }]);
    });

    test("many at once never hold more than the cap", async () => {
      const answers = await Promise.all(
        Array.from({ length: 500 }, () => hold({ counter: "a", amount: 7n, cap: 100n })),
      );
      expect(answers.filter(({ ok }) => ok)).toHaveLength(14);
      expect(await read("a")).toEqual([{ committed: 0n, held: 98n }]);
    });
  });
}
