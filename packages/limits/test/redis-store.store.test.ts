import { createClock } from "@tollgate/limits/clock";
import { createRedisStore } from "@tollgate/limits/redis-store";
import type { HoldEntry } from "@tollgate/limits/store";
import { freshId } from "@tollgate/testkit/fresh-id";
import { redisMissing, testRedis } from "@tollgate/testkit/redis";
import { waitFor } from "@tollgate/testkit/wait-for";
import { describe, expect, test } from "vitest";
import { entry, redisStores } from "./redis-stores.ts";
import { limitStoreContract } from "./store-contract.ts";

const withoutRedis = await redisMissing();

describe.skipIf(withoutRedis)("with Redis", () => {
  const stores = redisStores();

  limitStoreContract("redis store", async () => {
    await stores.client().flushall();
    const opened = stores.store();
    await waitFor(() => opened.read(freshId(), ["a"]));
    return opened;
  });

  test("many processes together hold no more than the cap", async () => {
    const orgId = freshId();
    const processes = ["a", "b", "c", "d"].map((name) => stores.store({ owner: () => name }));
    await Promise.all(processes.map((each) => waitFor(() => each.read(orgId, ["a"]))));
    const answers = await Promise.all(
      Array.from({ length: 400 }, (_, index) => processes[index % 4]?.hold(freshId(), orgId, [entry(10n, 1_000n)])),
    );
    expect(answers.filter((answer) => answer?.ok)).toHaveLength(100);
  });

  test("holds of a killed process are settled with the usage in its spool, or released", async () => {
    const orgId = freshId();
    const name = freshId();
    const before = stores.store({ owner: () => name });
    await waitFor(() => before.read(orgId, ["a"]));
    const [known, unknown] = [freshId(), freshId()];
    await before.hold(known, orgId, [entry(10n, 100n)]);
    await before.hold(unknown, orgId, [entry(20n, 100n)]);
    const after = stores.store({ owner: () => name });
    await waitFor(() => after.read(orgId, ["a"]));
    await after.resume(name, (id) => (id === known ? { usd: 4n, tokens: 0n } : null));
    expect(await after.read(orgId, ["a"])).toEqual([{ committed: 4n, held: 0n }]);
  });

  test("usage in the spool of an exited process is reported once by its adopter, in this epoch and the next", async () => {
    const orgId = freshId();
    const ownUse =
      (amount: bigint) => async (_org: string, _cursors: string, last: (own: Map<string, bigint>) => void) =>
        last(new Map([["a", amount]]));
    const living = stores.store({ owner: () => "living" });
    const joined = stores.store({ owner: () => "killed after it joined", readOwn: ownUse(5n) });
    await Promise.all([living, joined].map((each) => waitFor(() => each.read(orgId, ["a"]))));
    expect(await living.read(orgId, ["a"])).toEqual([{ committed: 5n, held: 0n }]);
    await living.adopt("killed after it joined", ownUse(5n));
    await living.adopt("killed before it joined", ownUse(30n));
    expect(await living.read(orgId, ["a"])).toEqual([{ committed: 35n, held: 0n }]);

    await stores.client().flushall();
    await living.hold(freshId(), orgId, [entry(1n, 1_000n)]);
    expect(await living.read(orgId, ["a"])).toEqual([{ committed: 35n, held: 1n }]);
    living.release("killed before it joined");
    await stores.client().flushall();
    await living.hold(freshId(), orgId, [entry(1n, 1_000n)]);
    expect(await living.read(orgId, ["a"])).toEqual([{ committed: 5n, held: 2n }]);
  });

  test("a call that the ledger has before its hold is settled is not counted twice", async () => {
    const orgId = freshId();
    const [before, after] = [stores.store({ owner: () => "dead" }), stores.store()];
    await Promise.all([before, after].map((each) => waitFor(() => each.read(orgId, ["a"]))));
    const id = freshId();
    await before.hold(id, orgId, [entry(10n, 100n)]);
    await after.seed(orgId, { committed: new Map([["a", 10n]]), revision: 0 });
    await after.resume("dead", () => ({ usd: 10n, tokens: 0n }));
    expect(await after.read(orgId, ["a"])).toEqual([{ committed: 10n, held: 0n }]);
  });

  test("a hold that is never ended is charged in full", async () => {
    const orgId = freshId();
    let nowMs = Date.now();
    const each = stores.store({ clock: { now: () => nowMs, follow: () => {} } });
    const dies = stores.store({ owner: () => "dies" });
    await waitFor(() => dies.read(orgId, ["a"]));
    await dies.hold(freshId(), orgId, [entry(10n, 100n)]);
    await dies.close();
    await stores.client().hdel("tollgate:proxies", "dies");
    nowMs += 21 * 60_000;
    await waitFor(() => each.read(orgId, ["a"]));
    await waitFor(async () => (await each.read(orgId, ["a"]))[0]?.committed === 10n);
    expect(await each.read(orgId, ["a"])).toEqual([{ committed: 10n, held: 0n }]);
  });
});

test.skipIf(withoutRedis)(
  "while Redis is down, calls are refused at once, and calls that end are settled when it is up again",
  async () => {
    const redis = await testRedis();
    const store = createRedisStore({
      url: redis.url,
      owner: () => "a",
      clock: createClock(),
      readLedger: async () => ({ committed: new Map(), revision: 0, cursors: "", ended: [] }),
      position: () => 0,
      readCounters: async () => ({ committed: new Map(), positions: new Map() }),
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
