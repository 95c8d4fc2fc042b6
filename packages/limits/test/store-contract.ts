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

/** Tests that every limit store must pass. `open` returns an empty store. */
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

    test("admits exactly up to the cap", async () => {
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

    test("holds all entries or none, and names the first that does not fit", async () => {
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

    test("a call that was let through without a hold is counted when it ends, also above the cap", async () => {
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

    test("a hold of several attempts is raised, and settles with the attempts that were sent", async () => {
      const id = freshId();
      const of = (attempts: bigint): HoldEntry[] => [
        entry({ counter: "usd", amount: 30n * attempts, cap: 100n }),
        entry({ counter: "requests", amount: attempts, cap: 3n, unit: "requests" }),
        entry({ counter: "concurrent", amount: 1n, cap: 1n, unit: "concurrent" }),
      ];
      expect(await store.hold(id, orgId, of(1n))).toMatchObject({ ok: true });
      expect(await store.extend(id, orgId, of(3n))).toMatchObject({ ok: true });
      expect(await store.extend(id, orgId, of(4n))).toMatchObject({ ok: false, refusedBy: 0 });
      expect(await read("usd", "requests", "concurrent")).toEqual([
        { committed: 0n, held: 90n },
        { committed: 0n, held: 3n },
        { committed: 0n, held: 1n },
      ]);
      await store.settle(id, orgId, { usd: 41n, tokens: 0n, requests: 2n });
      expect(await read("usd", "requests", "concurrent")).toEqual([
        { committed: 41n, held: 0n },
        { committed: 2n, held: 0n },
        { committed: 0n, held: 0n },
      ]);
    });

    test("a call with an unknown price settles with the amount held", async () => {
      const id = freshId();
      await store.hold(id, orgId, [entry({ counter: "a", amount: 90n, cap: 100n })]);
      await store.settle(id, orgId, { usd: null, tokens: 0n });
      expect(await read("a")).toEqual([{ committed: 90n, held: 0n }]);
    });

    test("void releases a hold once, and does nothing after settle", async () => {
      const id = freshId();
      await store.hold(id, orgId, [entry({ counter: "a", amount: 90n, cap: 100n })]);
      for (let again = 0; again < 2; again += 1) await store.void(id, orgId);
      await store.settle(id, orgId, { usd: 5n, tokens: 0n });
      expect(await read("a")).toEqual([{ committed: 0n, held: 0n }]);
    });

    test("making a hold twice for one request makes one hold", async () => {
      const id = freshId();
      const wanted = [entry({ counter: "a", amount: 60n, cap: 100n })];
      expect(await store.hold(id, orgId, wanted)).toMatchObject({ ok: true });
      expect(await store.hold(id, orgId, wanted)).toMatchObject({ ok: true, states: [{ committed: 0n, held: 60n }] });
      await store.void(id, orgId);
      expect(await read("a")).toEqual([{ committed: 0n, held: 0n }]);
    });

    describe("a hold that is extended", () => {
      const id = freshId();
      const extend = (...wanted: Wanted[]) => store.extend(id, orgId, wanted.map(entry));
      const tokens = { counter: "tokens", unit: "tokens", cap: 1_000n } as const;

      test("has the new amounts on every limit, and ends as one hold", async () => {
        await store.hold(id, orgId, [
          entry({ counter: "usd", amount: 40n, cap: 100n }),
          entry({ ...tokens, amount: 400n }),
        ]);
        for (let again = 0; again < 2; again += 1)
          expect(await extend({ counter: "usd", amount: 90n, cap: 100n }, { ...tokens, amount: 800n })).toMatchObject({
            ok: true,
            states: [{ held: 90n }, { held: 800n }],
          });
        await store.settle(id, orgId, { usd: 70n, tokens: 500n });
        expect(await read("usd", "tokens")).toEqual([
          { committed: 70n, held: 0n },
          { committed: 500n, held: 0n },
        ]);
      });

      test("stays unchanged when one limit refuses, and that limit is named", async () => {
        await store.hold(id, orgId, [
          entry({ counter: "usd", amount: 40n, cap: 100n }),
          entry({ ...tokens, amount: 600n }),
        ]);
        expect(await extend({ counter: "usd", amount: 80n, cap: 100n }, { ...tokens, amount: 1_001n })).toMatchObject({
          ok: false,
          refusedBy: 1,
          state: { committed: 0n, held: 600n },
        });
        await store.void(id, orgId);
        expect(await read("usd", "tokens")).toEqual([
          { committed: 0n, held: 0n },
          { committed: 0n, held: 0n },
        ]);
      });

      test("is never lowered, and entries that are not raised are not checked", async () => {
        await store.hold(id, orgId, [
          entry({ counter: "usd", amount: 40n, cap: 100n }),
          entry({ counter: "requests", unit: "requests", amount: 1n, cap: 1n }),
        ]);
        expect(
          await extend(
            { counter: "usd", amount: 10n, cap: 100n },
            { counter: "requests", unit: "requests", amount: 1n, cap: 1n },
          ),
        ).toMatchObject({ ok: true, states: [{ held: 40n }, { held: 1n }] });
        await store.void(id, orgId);
        expect(await read("usd", "requests")).toEqual([
          { committed: 0n, held: 0n },
          { committed: 0n, held: 0n },
        ]);
      });

      test("many at once never hold more than the cap", async () => {
        const ids = Array.from({ length: 10 }, freshId);
        const of = (amount: bigint) => [entry({ counter: "a", amount, cap: 100n })];
        await Promise.all(ids.map((each) => store.hold(each, orgId, of(5n))));
        const answers = await Promise.all(ids.map((each) => store.extend(each, orgId, of(20n))));
        expect(answers.filter(({ ok }) => ok)).toHaveLength(3);
        expect(await read("a")).toEqual([{ committed: 0n, held: 95n }]);
      });

      test("may exceed the cap of a limit that does not block", async () => {
        await store.hold(id, orgId, [entry({ counter: "a", amount: 5n, cap: 10n, mode: "warn" })]);
        expect(await extend({ counter: "a", amount: 50n, cap: 10n, mode: "warn" })).toMatchObject({ ok: true });
        await store.void(id, orgId);
        expect(await read("a")).toEqual([{ committed: 0n, held: 0n }]);
      });
    });

    test.each<LimitUnit>(["usd", "tokens"])(
      "an amount of 0 does not fit into a limit on %s that is used up",
      async (unit) => {
        const nothing = (cap: bigint, mode?: LimitMode) =>
          hold({ counter: "a", amount: 0n, cap, unit, ...(mode && { mode }) });
        expect(await nothing(0n)).toMatchObject({ ok: false, refusedBy: 0 });
        expect(await nothing(0n, "warn")).toMatchObject({ ok: true });
        await hold({ counter: "a", amount: 60n, cap: 100n, unit });
        expect(await nothing(100n)).toMatchObject({ ok: true });
        expect(await nothing(60n)).toMatchObject({ ok: false, state: { committed: 0n, held: 60n } });
        const id = freshId();
        await store.hold(id, orgId, [entry({ counter: "a", amount: 40n, cap: 100n, unit })]);
        await store.settle(id, orgId, { usd: 40n, tokens: 40n });
        expect(await nothing(100n)).toMatchObject({ ok: false, state: { committed: 40n, held: 60n } });
      },
    );

    test("ignores the end of an unknown request", async () => {
      await store.settle(freshId(), orgId, { usd: 5n, tokens: 5n });
      await store.void(freshId(), orgId);
      expect(await read("a")).toEqual([{ committed: 0n, held: 0n }]);
    });

    test("seed raises counters to the ledger's amounts and never lowers them", async () => {
      await store.seed(orgId, { committed: new Map([["a", 70n]]), revision: 0 });
      await store.seed(orgId, { committed: new Map([["a", 20n]]), revision: 0 });
      expect(await read("a")).toEqual([{ committed: 70n, held: 0n }]);
      expect(await hold({ counter: "a", amount: 31n, cap: 100n })).toMatchObject({ ok: false });
    });

    test("a cap that is lowered below the usage refuses at once", async () => {
      await store.seed(orgId, { committed: new Map([["a", 70n]]), revision: 0 });
      expect(await hold({ counter: "a", amount: 0n, cap: 50n })).toMatchObject({
        ok: false,
        state: { committed: 70n, held: 0n },
      });
    });

    test("a cap that is raised temporarily admits that much more, and no more after its end", async () => {
      await hold({ counter: "a", amount: 100n, cap: 100n });
      expect(await hold({ counter: "a", amount: 20n, cap: 125n })).toMatchObject({ ok: true });
      expect(await hold({ counter: "a", amount: 6n, cap: 125n })).toMatchObject({ ok: false });
      expect(await hold({ counter: "a", amount: 1n, cap: 100n })).toMatchObject({ ok: false, state: { held: 120n } });
    });

    test("amounts beyond the precision of a double stay exact", async () => {
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
