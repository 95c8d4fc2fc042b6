import { createClock } from "@tollgate/limits/clock";
import { createRedisStore, type RedisStoreOptions } from "@tollgate/limits/redis-store";
import type { HoldEntry } from "@tollgate/limits/store";
import { freshId } from "@tollgate/testkit/fresh-id";
import { redisMissing, type TestRedis, testRedis } from "@tollgate/testkit/redis";
import { waitFor } from "@tollgate/testkit/wait-for";
import { Redis } from "ioredis";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { limitStoreContract } from "./store-contract.ts";

const withoutRedis = await redisMissing();

describe.skipIf(withoutRedis)("with Redis", () => {
  let redis: TestRedis;
  let client: Redis;
  const open: { close(): Promise<void> }[] = [];
  beforeAll(async () => {
    redis = await testRedis();
    client = new Redis(redis.url);
  });
  afterEach(async () => {
    await Promise.all(open.splice(0).map((store) => store.close()));
  });
  afterAll(async () => {
    client.disconnect();
    await redis.stop();
  });

  function store(options: Partial<RedisStoreOptions> = {}) {
    const opened = createRedisStore({
      url: redis.url,
      owner: () => "a",
      clock: createClock(),
      readLedger: async () => ({ committed: new Map(), revision: 0, cursors: "", ended: [] }),
      readOwn: async (_orgId, _cursors, last) => last(new Map()),
      onError: () => {},
      gatherMs: 0,
      ...options,
    });
    open.push(opened);
    return opened;
  }

  limitStoreContract("redis store", async () => {
    await client.flushall();
    const opened = store();
    await waitFor(() => opened.read(freshId(), ["a"]));
    return opened;
  });

  const entry = (amount: bigint, cap: bigint, counter = "a"): HoldEntry => ({
    limitId: freshId(),
    counter,
    unit: "usd",
    mode: "block",
    amount,
    cap,
    resetsAtMs: null,
  });

  test("many processes together hold no more than the cap", async () => {
    const orgId = freshId();
    const stores = ["a", "b", "c", "d"].map((name) => store({ owner: () => name }));
    await Promise.all(stores.map((each) => waitFor(() => each.read(orgId, ["a"]))));
    const answers = await Promise.all(
      Array.from({ length: 400 }, (_, index) => stores[index % 4]?.hold(freshId(), orgId, [entry(10n, 1_000n)])),
    );
    expect(answers.filter((answer) => answer?.ok)).toHaveLength(100);
  });

  test("a Redis that forgets is told again: the ledger, each one's spool, each one's calls under way", async () => {
    const orgId = freshId();
    const spools: Record<string, bigint> = { a: 0n, b: 0n };
    const named = (name: string) =>
      store({
        owner: () => name,
        readLedger: async () => ({ committed: new Map([["a", 100n]]), revision: 0, cursors: "", ended: [] }),
        readOwn: async (_orgId, _cursors, last) => last(new Map([["a", spools[name] ?? 0n]])),
      });
    const [a, b] = [named("a"), named("b")];
    await waitFor(() => a.read(orgId, ["a"]));
    const [under, settled] = [freshId(), freshId()];
    await a.hold(under, orgId, [entry(7n, 1_000n)]);
    await b.hold(settled, orgId, [entry(30n, 1_000n)]);
    expect(await a.read(orgId, ["a"])).toEqual([{ committed: 100n, held: 37n }]);

    // In b's spool, not yet in the ledger, and not yet settled when Redis loses all.
    spools.b = 25n;
    await client.flushall();
    await b.settle(settled, orgId, { usd: 25n, tokens: 0n });
    await a.hold(freshId(), orgId, [entry(1n, 1_000n)]);
    await b.hold(freshId(), orgId, [entry(1n, 1_000n)]);
    expect(await a.read(orgId, ["a"])).toEqual([{ committed: 125n, held: 9n }]);
    await a.settle(under, orgId, { usd: 5n, tokens: 0n });
    expect(await b.read(orgId, ["a"])).toEqual([{ committed: 130n, held: 2n }]);
  });

  test("a Redis that went back in time is noticed", async () => {
    const orgId = freshId();
    const each = store({
      readLedger: async () => ({ committed: new Map([["a", 50n]]), revision: 0, cursors: "", ended: [] }),
    });
    await waitFor(() => each.read(orgId, ["a"]));
    const backup = await client.dumpBuffer(`tollgate:{${orgId}}`);
    for (let call = 0; call < 3; call += 1) await each.hold(freshId(), orgId, [entry(1n, 100n)]);
    await client.restore(`tollgate:{${orgId}}`, 0, backup, "REPLACE");
    await each.hold(freshId(), orgId, [entry(1n, 100n)]);
    expect(await each.read(orgId, ["a"])).toEqual([{ committed: 50n, held: 4n }]);
  });

  test("a Redis that went back to an epoch before the last is noticed too", async () => {
    const orgId = freshId();
    let spent = 10n;
    const each = store({
      readLedger: async () => ({ committed: new Map([["a", spent]]), revision: 0, cursors: "", ended: [] }),
    });
    await waitFor(() => each.read(orgId, ["a"]));
    const backup = await client.dumpBuffer(`tollgate:{${orgId}}`);
    spent = 50n;
    await client.flushall();
    await each.hold(freshId(), orgId, [entry(1n, 100n)]);
    await client.restore(`tollgate:{${orgId}}`, 0, backup, "REPLACE");
    await each.hold(freshId(), orgId, [entry(1n, 100n)]);
    expect(await each.read(orgId, ["a"])).toEqual([{ committed: 50n, held: 2n }]);
  });

  test("admission waits while an epoch gathers, until everybody who is here has told", async () => {
    const orgId = freshId();
    const telling = Promise.withResolvers<void>();
    const slow = store({
      owner: () => "slow",
      gatherMs: 60_000,
      readOwn: async (_orgId, _cursors, last) => telling.promise.then(() => last(new Map([["a", 60n]]))),
    });
    const quick = store({ owner: () => "quick", gatherMs: 60_000 });
    // Nobody of an earlier test, and both of these, are known to be here when the epoch begins.
    await client.del("tollgate:proxies");
    await waitFor(async () =>
      (await client.hmget("tollgate:proxies", "slow", "quick")).every((heard) => heard !== null),
    );
    await waitFor(() => quick.read(orgId, ["a"]));
    let isAnswered = false;
    const asked = Promise.resolve(quick.hold(freshId(), orgId, [entry(50n, 100n)])).finally(() => {
      isAnswered = true;
    });
    for (let turn = 0; turn < 5; turn += 1) await quick.read(orgId, ["a"]);
    expect(isAnswered).toBe(false);
    telling.resolve();
    await slow.read(orgId, ["a"]);
    expect(await asked).toMatchObject({ ok: false, state: { committed: 60n, held: 0n } });
  });

  test("admission does not wait for ever for somebody who is no more", async () => {
    const orgId = freshId();
    await client.hset("tollgate:proxies", "gone", Date.now());
    const each = store({ gatherMs: 300 });
    await waitFor(() => each.read(orgId, ["a"]));
    const startedMs = performance.now();
    expect(await each.hold(freshId(), orgId, [entry(1n, 100n)])).toMatchObject({ ok: true });
    expect(performance.now() - startedMs).toBeGreaterThan(200);
    await client.hdel("tollgate:proxies", "gone");
  });

  test("when owners exited before they reported to an epoch, the first to be back makes admission wait for the others", async () => {
    const orgId = freshId();
    await client.del("tollgate:proxies");
    const founder = store({ owner: () => "founder", gatherMs: 300, spools: async () => ["first", "second"] });
    await waitFor(() => founder.read(orgId, ["a"]));
    // Nobody reported in time.
    await founder.hold(freshId(), orgId, [entry(1n, 100n)]);
    const first = store({ owner: () => "first", gatherMs: 60_000 });
    await waitFor(() => first.read(orgId, ["a"]));
    let isAnswered = false;
    const asked = Promise.resolve(founder.hold(freshId(), orgId, [entry(50n, 100n)])).finally(() => {
      isAnswered = true;
    });
    for (let turn = 0; turn < 5; turn += 1) await founder.read(orgId, ["a"]);
    expect(isAnswered).toBe(false);
    const second = store({
      owner: () => "second",
      readOwn: async (_orgId, _cursors, last) => last(new Map([["a", 60n]])),
    });
    await waitFor(() => second.read(orgId, ["a"]));
    expect(await asked).toMatchObject({ ok: false, state: { committed: 60n, held: 1n } });
  });

  test("what the ledger corrected begins anew, also when it is less, with what is under way", async () => {
    const orgId = freshId();
    const ledger = { committed: new Map([["a", 50n]]), revision: 1, cursors: "", ended: [] };
    const [one, other] = [
      store({ owner: () => "one", readLedger: async () => ledger }),
      store({ owner: () => "other", readLedger: async () => ledger }),
    ];
    await Promise.all([one, other].map((each) => waitFor(() => each.read(orgId, ["a"]))));
    await other.hold(freshId(), orgId, [entry(5n, 100n)]);
    await one.seed(orgId, ledger);
    expect(await one.read(orgId, ["a"])).toEqual([{ committed: 50n, held: 5n }]);
    ledger.committed = new Map([["a", 20n]]);
    ledger.revision = 2;
    await Promise.all([one.seed(orgId, ledger), other.seed(orgId, ledger)]);
    await waitFor(async () => (await one.read(orgId, ["a"]))[0]?.held === 5n);
    expect(await one.read(orgId, ["a"])).toEqual([{ committed: 20n, held: 5n }]);
  });

  test("an epoch of a version that knew no revisions begins anew", async () => {
    const orgId = freshId();
    const each = store({
      readLedger: async () => ({ committed: new Map([["a", 50n]]), revision: 0, cursors: "", ended: [] }),
    });
    await waitFor(() => each.read(orgId, ["a"]));
    await client.hdel(`tollgate:{${orgId}}`, "revision");
    await each.seed(orgId, { committed: new Map([["a", 50n]]), revision: 0 });
    expect(await client.hget(`tollgate:{${orgId}}`, "revision")).toBe("0");
    expect(await each.read(orgId, ["a"])).toEqual([{ committed: 50n, held: 0n }]);
  });

  test("a call that was let through and is in the spool already when an epoch begins is counted once", async () => {
    const orgId = freshId();
    let spooled = 0n;
    const each = store({ readOwn: async (_orgId, _cursors, last) => last(new Map([["a", spooled]])) });
    await waitFor(() => each.read(orgId, ["a"]));
    const id = freshId();
    each.letThrough(id, orgId, [entry(50n, 10n)]);
    spooled = 40n;
    await client.flushall();
    await each.settle(id, orgId, { usd: 40n, tokens: 0n });
    expect(await each.read(orgId, ["a"])).toEqual([{ committed: 40n, held: 0n }]);
  });

  test("a Redis restored while nobody was here is not believed", async () => {
    const orgId = freshId();
    await client.flushall();
    const ledger = { committed: new Map([["a", 10n]]), revision: 0, cursors: "", ended: [] };
    const before = store({ readLedger: async () => ledger });
    await waitFor(() => before.read(orgId, ["a"]));
    await before.close();
    ledger.committed = new Map([["a", 90n]]);
    // As after an hour: the last who was here was heard of long ago.
    await client.hset("tollgate:proxies", "a", Date.now() - 3_600_000);
    const after = store({ readLedger: async () => ledger });
    await waitFor(() => after.read(orgId, ["a"]));
    expect(await after.read(orgId, ["a"])).toEqual([{ committed: 90n, held: 0n }]);
  });

  test("however wrong the clock of whoever begins an epoch, admission waits no longer", async () => {
    const orgId = freshId();
    const hasty = store({ gatherMs: 300, clock: { now: () => Date.now() + 90_000, follow: () => {} } });
    const right = store({ gatherMs: 300 });
    await waitFor(() => hasty.read(orgId, ["a"]));
    const startedMs = performance.now();
    expect(await right.hold(freshId(), orgId, [entry(1n, 100n)])).toMatchObject({ ok: true });
    // Half of what the clock is wrong by.
    expect(performance.now() - startedMs).toBeLessThan(45_000);
  });

  test("what a killed process held is settled as its spool says, or given back", async () => {
    const orgId = freshId();
    const name = freshId();
    const before = store({ owner: () => name });
    await waitFor(() => before.read(orgId, ["a"]));
    const [known, unknown] = [freshId(), freshId()];
    await before.hold(known, orgId, [entry(10n, 100n)]);
    await before.hold(unknown, orgId, [entry(20n, 100n)]);
    const after = store({ owner: () => name });
    await waitFor(() => after.read(orgId, ["a"]));
    await after.resume(name, (id) => (id === known ? { usd: 4n, tokens: 0n } : null));
    expect(await after.read(orgId, ["a"])).toEqual([{ committed: 4n, held: 0n }]);
  });

  test("what the dead left in their spools is told by whoever adopts them, once, in this epoch and the next", async () => {
    const orgId = freshId();
    const told = (amount: bigint) => async (_org: string, _cursors: string, last: (own: Map<string, bigint>) => void) =>
      last(new Map([["a", amount]]));
    const living = store({ owner: () => "living" });
    const joined = store({ owner: () => "joined before it died", readOwn: told(5n) });
    await Promise.all([living, joined].map((each) => waitFor(() => each.read(orgId, ["a"]))));
    expect(await living.read(orgId, ["a"])).toEqual([{ committed: 5n, held: 0n }]);
    await living.adopt("joined before it died", told(5n));
    await living.adopt("dead before it could", told(30n));
    expect(await living.read(orgId, ["a"])).toEqual([{ committed: 35n, held: 0n }]);

    await client.flushall();
    await living.hold(freshId(), orgId, [entry(1n, 1_000n)]);
    expect(await living.read(orgId, ["a"])).toEqual([{ committed: 35n, held: 1n }]);
    living.release("dead before it could");
    await client.flushall();
    await living.hold(freshId(), orgId, [entry(1n, 1_000n)]);
    expect(await living.read(orgId, ["a"])).toEqual([{ committed: 5n, held: 2n }]);
  });

  test("what the ledger has of a call whose hold is yet to be settled is not counted twice", async () => {
    const orgId = freshId();
    const [before, after] = [store({ owner: () => "dead" }), store()];
    await Promise.all([before, after].map((each) => waitFor(() => each.read(orgId, ["a"]))));
    const id = freshId();
    await before.hold(id, orgId, [entry(10n, 100n)]);
    await after.seed(orgId, { committed: new Map([["a", 10n]]), revision: 0 });
    await after.resume("dead", () => ({ usd: 10n, tokens: 0n }));
    expect(await after.read(orgId, ["a"])).toEqual([{ committed: 10n, held: 0n }]);
  });

  test("a hold that nobody ever ends is counted as it was held", async () => {
    const orgId = freshId();
    let nowMs = Date.now();
    const each = store({ clock: { now: () => nowMs, follow: () => {} } });
    const dies = store({ owner: () => "dies" });
    await waitFor(() => dies.read(orgId, ["a"]));
    await dies.hold(freshId(), orgId, [entry(10n, 100n)]);
    await dies.close();
    await client.hdel("tollgate:proxies", "dies");
    nowMs += 21 * 60_000;
    await waitFor(() => each.read(orgId, ["a"]));
    await waitFor(async () => (await each.read(orgId, ["a"]))[0]?.committed === 10n);
    expect(await each.read(orgId, ["a"])).toEqual([{ committed: 10n, held: 0n }]);
  });
});

test.skipIf(withoutRedis)(
  "a Redis that is away refuses at once, and what ended meanwhile is settled when it is back",
  async () => {
    const redis = await testRedis();
    const store = createRedisStore({
      url: redis.url,
      owner: () => "a",
      clock: createClock(),
      readLedger: async () => ({ committed: new Map(), revision: 0, cursors: "", ended: [] }),
      readOwn: async (_orgId, _cursors, last) => last(new Map()),
      onError: () => {},
      gatherMs: 0,
    });
    const orgId = freshId();
    const wanted: HoldEntry = {
      limitId: freshId(),
      counter: "a",
      unit: "usd",
      mode: "block",
      amount: 10n,
      cap: 100n,
      resetsAtMs: null,
    };
    try {
      await waitFor(() => store.read(orgId, ["a"]));
      const id = freshId();
      await store.hold(id, orgId, [wanted]);
      redis.process.kill("SIGSTOP");
      await expect(store.hold(freshId(), orgId, [wanted])).rejects.toThrow();
      await store.settle(id, orgId, { usd: 3n, tokens: 0n });
      redis.process.kill("SIGCONT");
      await waitFor(async () => {
        const [state] = await store.read(orgId, ["a"]);
        return state?.committed === 3n && state.held === 0n;
      });
    } finally {
      redis.process.kill("SIGCONT");
      await store.close();
      await redis.stop();
    }
  },
);
