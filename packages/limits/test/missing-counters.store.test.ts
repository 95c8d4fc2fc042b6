import { counterKey } from "@tollgate/limits/counter-key";
import type { LedgerCounters } from "@tollgate/limits/missing-counters";
import type { HoldEntry, Settled } from "@tollgate/limits/store";
import { freshId } from "@tollgate/testkit/fresh-id";
import { redisMissing } from "@tollgate/testkit/redis";
import { waitFor } from "@tollgate/testkit/wait-for";
import { beforeEach, describe, expect, test } from "vitest";
import { redisStores } from "./redis-stores.ts";

const CAP = 10n;

describe.skipIf(await redisMissing())("counters that Redis does not have", () => {
  const stores = redisStores();
  const limitId = freshId();
  const run = (name: string | number): string => counterKey(limitId, 0, `run ${name}`);
  const entry = (counter: string, amount: bigint): HoldEntry => ({
    ...{ limitId, counter, amount, unit: "tokens", mode: "block", cap: CAP, resetsAtMs: null },
  });

  /** The spool of each process as amounts by counter, and how far the ledger has it. */
  let spools: Record<string, { counter: string; amount: bigint }[]>;
  let shipped: Record<string, number>;
  let reads: string[][];
  let onDemand: Set<string>;
  let orgId: string;
  beforeEach(() => {
    [spools, shipped, reads, onDemand, orgId] = [{ a: [], b: [] }, { a: 0, b: 0 }, [], new Set([limitId]), freshId()];
  });

  const sums = (owners: readonly string[], from: (owner: string) => number, to: (owner: string) => number) => {
    const sum = new Map<string, bigint>();
    for (const owner of owners)
      for (const { counter, amount } of (spools[owner] ?? []).slice(from(owner), to(owner)))
        sum.set(counter, (sum.get(counter) ?? 0n) + amount);
    return sum;
  };
  const ledger = (): LedgerCounters => ({
    committed: sums(
      ["a", "b"],
      () => 0,
      (owner) => shipped[owner] ?? 0,
    ),
    positions: new Map(Object.entries(shipped)),
  });

  async function open(owner: string) {
    const store = stores.store({
      owner: () => owner,
      position: () => spools[owner]?.length ?? 0,
      async readLedger() {
        // What is on demand is not read.
        const { committed } = ledger();
        const kept = new Map([...committed].filter(() => onDemand.size === 0));
        const settled: Settled = { committed: kept, revision: 0, onDemand };
        return { ...settled, cursors: JSON.stringify(shipped), ended: [] };
      },
      async readOwn(_orgId, cursors, last) {
        const from = (JSON.parse(cursors) as Record<string, number>)[owner] ?? 0;
        last(
          sums(
            [owner],
            () => from,
            () => Number.POSITIVE_INFINITY,
          ),
          spools[owner]?.length ?? 0,
        );
      },
      async readCounters(_orgId, counters) {
        reads.push([...counters]);
        return ledger();
      },
    });
    await waitFor(() => store.id());
    return store;
  }
  type Store = Awaited<ReturnType<typeof open>>;

  async function settle(store: Store, owner: string, id: string, counter: string, amount: bigint): Promise<void> {
    spools[owner]?.push({ counter, amount });
    await store.settle(id, orgId, { usd: null, tokens: amount });
  }
  async function call(store: Store, owner: string, counter: string, amount: bigint) {
    const id = freshId();
    const verdict = await store.hold(id, orgId, [entry(counter, amount)]);
    if (verdict.ok) await settle(store, owner, id, counter, amount);
    return verdict;
  }
  const ship = () => {
    for (const owner of Object.keys(spools)) shipped[owner] = spools[owner]?.length ?? 0;
  };

  test("are read when they are first used, once, and by one process for all", async () => {
    const [a, b] = [await open("a"), await open("b")];
    spools.a = [{ counter: run(1), amount: 7n }];
    ship();
    expect(await a.hold(freshId(), orgId, [entry(run(1), 4n)])).toMatchObject({ ok: false, state: { committed: 7n } });
    expect(await b.hold(freshId(), orgId, [entry(run(1), 3n)])).toMatchObject({ ok: true });
    expect(await b.read(orgId, [run(1), run(2)])).toEqual([
      { committed: 7n, held: 3n },
      { committed: 0n, held: 0n },
    ]);
    expect(reads).toEqual([[run(1)], [run(2)]]);
  });

  test("wait for the usage that only a spool has, and never count it twice", async () => {
    spools.b = [{ counter: run(1), amount: 7n }];
    const [a, b] = [await open("a"), await open("b")];
    await b.read(orgId, []);
    let isShipped = false;
    const held = a.hold(freshId(), orgId, [entry(run(1), 4n)], {
      isWanted: () => {
        // Asked while it waits: now the ledger gets it.
        if (reads.length > 0) ship();
        isShipped = true;
        return true;
      },
      about: () => "",
    });
    expect(await held).toMatchObject({ ok: false, state: { committed: 7n } });
    expect(isShipped).toBe(true);
  });

  test("get the usage of calls that were let through, from the ledger", async () => {
    const a = await open("a");
    await a.read(orgId, [run(9)]);
    const id = freshId();
    a.letThrough(id, orgId, [entry(run(1), 6n)]);
    await settle(a, "a", id, run(1), 6n);
    ship();
    expect(await call(a, "a", run(1), 5n)).toMatchObject({ ok: false, state: { committed: 6n } });
    expect(await call(a, "a", run(1), 4n)).toMatchObject({ ok: true });
    expect(await a.read(orgId, [run(1)])).toEqual([{ committed: 10n, held: 0n }]);
  });

  test("are evicted when there are too many, with nothing lost and holds kept", async () => {
    onDemand = new Set();
    const a = await open("a");
    const held = freshId();
    await a.hold(held, orgId, [entry(run("held"), 2n)]);
    await call(a, "a", run("old"), 7n);
    const client = stores.client();
    const epoch = await client.hget(`tollgate:{${orgId}}`, "epoch");
    const prefix = `tollgate:{${orgId}}:${epoch}:`;
    // As if it had been idle, and as if there were many others.
    await client.hset(`${prefix}counter:${run("old")}`, "usedAt", 0);
    await client.rpush(`${prefix}resident`, ...Array.from({ length: 20_000 }, (_, n) => `gone ${n}`));
    await call(a, "a", run("new"), 1n);
    expect(await client.exists(`${prefix}counter:${run("old")}`)).toBe(0);
    expect(await client.llen(`${prefix}resident`)).toBeLessThanOrEqual(20_001);
    ship();
    expect(await call(a, "a", run("old"), 4n)).toMatchObject({ ok: false, state: { committed: 7n } });
    expect(await a.read(orgId, [run("held")])).toEqual([{ committed: 0n, held: 2n }]);
    await settle(a, "a", held, run("held"), 2n);
    expect(await a.read(orgId, [run("held")])).toEqual([{ committed: 2n, held: 0n }]);
  });

  test("do not need a reading in a window that starts later", async () => {
    const a = await open("a");
    await a.read(orgId, [run(9)]);
    const later = counterKey(limitId, Date.now() + 3_600_000, "run 1");
    await a.hold(freshId(), orgId, [entry(later, 1n)]);
    expect(reads).toEqual([[run(9)]]);
  });

  test("an epoch of an earlier version, which does not say what its counters contain, is rebuilt", async () => {
    const a = await open("a");
    spools.a = [{ counter: run(1), amount: 7n }];
    ship();
    await a.read(orgId, [run(9)]);
    await stores.client().hdel(`tollgate:{${orgId}}`, "bounded");
    expect(await a.read(orgId, [run(1)])).toEqual([{ committed: 7n, held: 0n }]);
  });
});
