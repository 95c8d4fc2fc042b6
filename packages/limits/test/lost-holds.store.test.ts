import { credentialHoldId } from "@tollgate/limits/credential-use";
import type { LostHold } from "@tollgate/limits/lost-holds";
import { createRedisStore, type RedisStoreOptions } from "@tollgate/limits/redis-store";
import type { SharedStore } from "@tollgate/limits/shared-store";
import type { HoldEntry } from "@tollgate/limits/store";
import { freshId } from "@tollgate/testkit/fresh-id";
import { redisMissing, type TestRedis, testRedis } from "@tollgate/testkit/redis";
import { waitFor } from "@tollgate/testkit/wait-for";
import { Redis } from "ioredis";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";

const LONG_AGO_MS = 11 * 60_000;

describe.skipIf(await redisMissing())("a machine that is lost with its spool", () => {
  let redis: TestRedis;
  let client: Redis;
  let orgId: string;
  /** Milliseconds by which the clock of the running processes is ahead. */
  let aheadMs: number;
  let settled: Map<string, bigint>;
  let revision: number;
  const open: SharedStore[] = [];

  beforeAll(async () => {
    redis = await testRedis();
    client = new Redis(redis.url);
  });
  afterAll(async () => {
    client.disconnect();
    await redis.stop();
  });
  beforeEach(async () => {
    await client.flushall();
    [orgId, aheadMs, settled, revision] = [freshId(), 0, new Map(), 0];
  });
  afterEach(() => Promise.all(open.splice(0).map((store) => store.close())));

  async function store(owner: string, options: Partial<RedisStoreOptions> = {}): Promise<SharedStore> {
    const opened = createRedisStore({
      url: redis.url,
      owner: () => owner,
      clock: { now: () => Date.now() + aheadMs, follow: () => {} },
      readLedger: async () => ({ committed: settled, revision, cursors: "", ended: [] }),
      position: () => 0,
      readCounters: async () => ({ committed: new Map(), positions: new Map() }),
      readOwn: async (_orgId, _cursors, last) => last(new Map()),
      onError: () => {},
      gatherMs: 0,
      ...options,
    });
    open.push(opened);
    await waitFor(() => opened.read(orgId, ["usd"]));
    return opened;
  }

  const entry = (unit: "usd" | "tokens", amount: bigint): HoldEntry => ({
    limitId: freshId(),
    counter: unit,
    unit,
    mode: "block",
    amount,
    cap: 1_000n,
    resetsAtMs: null,
  });
  const entries = [entry("usd", 10n), entry("tokens", 300n)];

  /** A process that makes a hold for one call and then is lost. Returns the id of the call. */
  async function dies(): Promise<string> {
    const dying = await store("dies");
    const id = freshId();
    await dying.hold(id, orgId, entries, { isWanted: () => true, about: () => "whose call" });
    await dying.close();
    await client.hset("tollgate:proxies", "dies", Date.now() - LONG_AGO_MS);
    return id;
  }
  const charging = () => {
    const lost: LostHold[] = [];
    const onLost = async (hold: LostHold): Promise<void> => void lost.push(hold);
    return { lost, onLost };
  };
  const states = async (from: SharedStore) => from.read(orgId, ["usd", "tokens"]);

  test("keeps its holds for ten minutes; then each is passed to `onLost` once and charged", async () => {
    const id = await dies();
    const { lost, onLost } = charging();
    const [a, b] = [await store("a", { onLost }), await store("b", { onLost })];
    aheadMs = 9 * 60_000;
    expect(await b.hold(freshId(), orgId, [entry("usd", 1n)])).toMatchObject({ ok: true });
    expect(lost).toEqual([]);
    aheadMs = LONG_AGO_MS;
    await waitFor(async () => (await states(a))[0]?.committed === 10n);
    expect(lost).toEqual([{ id, orgId, about: "whose call", usd: 10n, tokens: 300n }]);
    expect((await states(a))[1]).toEqual({ committed: 300n, held: 0n });
  });

  test.each(["lost", "alive"])(
    "keeps its holds when counters are rebuilt just after its last heartbeat, and is %s",
    async (fate) => {
      const own = new Map<string, bigint>();
      const x = await store("x", { readOwn: async (_orgId, _cursors, last) => last(own) });
      const [id, ended] = [freshId(), freshId()];
      await x.hold(id, orgId, entries);
      await x.hold(ended, orgId, entries);
      if (fate === "lost") await x.close();
      const a = await store("a");
      revision = 1;
      await a.seed(orgId, { committed: settled, revision });
      expect((await states(a))[0]).toEqual({ committed: 0n, held: 20n });
      if (fate === "lost") return;
      // The usage of this call is now in the spool.
      own.set("usd", 7n);
      await x.settle(ended, orgId, { usd: 7n, tokens: 0n });
      expect((await states(a))[0]).toEqual({ committed: 7n, held: 10n });
      await x.settle(id, orgId, { usd: 1n, tokens: 0n });
      expect((await states(a))[0]).toEqual({ committed: 8n, held: 0n });
    },
  );

  test("is counted once when its calls are settled after counters were rebuilt and before its spool is reported", async () => {
    const id = freshId();
    const dying = await store("x");
    await dying.hold(id, orgId, entries);
    await dying.close();
    const a = await store("a");
    revision = 1;
    await a.seed(orgId, { committed: settled, revision });
    // Another process takes over its spool, which contains the end of the call.
    await a.resume("x", () => ({ usd: 7n, tokens: 0n }));
    await a.adopt("x", async (_orgId, _cursors, last) => last(new Map([["usd", 7n]])));
    await waitFor(async () => (await states(a))[0]?.committed !== 0n);
    expect((await states(a))[0]).toEqual({ committed: 7n, held: 0n });
  });

  test("is not charged while the usage cannot be recorded", async () => {
    await dies();
    let tries = 0;
    const onLost = async (): Promise<void> => {
      tries += 1;
      throw new Error("the disk is full");
    };
    const a = await store("a", { onLost });
    aheadMs = LONG_AGO_MS;
    await waitFor(() => tries > 0);
    expect((await states(a))[0]).toEqual({ committed: 0n, held: 10n });
  });

  test("is not lost while its spool is on this machine", async () => {
    const { lost, onLost } = charging();
    let looks = 0;
    const spools = async (): Promise<string[]> => {
      looks += 1;
      return ["dies"];
    };
    const a = await store("a", { onLost, spools });
    await dies();
    const before = looks;
    aheadMs = LONG_AGO_MS;
    await waitFor(() => looks > before);
    expect(lost).toEqual([]);
    expect((await states(a))[0]?.held).toBe(10n);
  });

  test("keeps its holds when Redis is flushed", async () => {
    const id = await dies();
    const { lost, onLost } = charging();
    let looks = 0;
    const spools = async (): Promise<string[]> => {
      looks += 1;
      return [];
    };
    const a = await store("a", { onLost, spools });
    const before = looks;
    // Wait until the store has copied the holds, which are not due yet.
    await waitFor(() => looks > before);
    await client.flushall();
    await waitFor(async () => (await states(a))[0]?.held === 10n);
    aheadMs = LONG_AGO_MS;
    await waitFor(() => lost.length > 0);
    expect(lost.map((hold) => hold.id)).toEqual([id]);
  });

  test("that restarts reports the usage of its calls itself", async () => {
    const { lost, onLost } = charging();
    let looks = 0;
    const spools = async (): Promise<string[]> => {
      looks += 1;
      return [];
    };
    const a = await store("a", { onLost, spools });
    await dies();
    const before = looks;
    aheadMs += 6_000;
    await waitFor(() => looks > before);
    await client.flushall();
    await waitFor(async () => (await states(a))[0]?.held === 10n);
    await store("dies", { readOwn: async (_orgId, _cursors, last) => last(new Map([["usd", 7n]])) });
    await waitFor(async () => (await states(a))[0]?.committed === 7n);
    expect((await states(a))[0]).toEqual({ committed: 7n, held: 0n });
    expect(lost).toEqual([]);
  });

  test("has no holds in a Redis restored from a backup for calls that the ledger has", async () => {
    const x = await store("x");
    const [ended, unknown] = [freshId(), freshId()];
    await x.hold(ended, orgId, entries);
    await x.hold(credentialHoldId(ended, freshId()), orgId, entries);
    await x.hold(unknown, orgId, entries);
    const keys = await client.keys(`tollgate:{${orgId}}*`);
    const backup = await Promise.all(keys.map(async (key) => [key, await client.dumpBuffer(key)] as const));
    await x.settle(ended, orgId, { usd: 7n, tokens: 20n });
    await x.close();
    await client.flushall();
    for (const [key, dump] of backup) await client.restore(key, 0, dump);
    await client.hset("tollgate:proxies", "x", Date.now() - 60_000);

    settled = new Map([["usd", 7n]]);
    const readLedger = async (_orgId: string, held: readonly string[]) => ({
      committed: settled,
      revision,
      cursors: "",
      ended: held.filter((id) => id === ended),
    });
    const asked: string[] = [];
    const a = await store("a", {
      readLedger(id, held) {
        asked.push(...held);
        return readLedger(id, held);
      },
    });
    expect((await states(a))[0]).toEqual({ committed: 7n, held: 10n });
    // Holds on credentials are those of their request.
    expect(asked.toSorted()).toEqual([ended, unknown].toSorted());
  });

  test("whose spool was adopted: another process does not repeat its copies of the holds", async () => {
    await dies();
    let looks = 0;
    const spools = async (): Promise<string[]> => {
      looks += 1;
      return [];
    };
    const a = await store("a", { spools });
    const before = looks;
    // Wait until the store has copied the holds.
    await waitFor(() => looks > before);
    const adopter = await store("b");
    await adopter.resume("dies", () => ({ usd: 7n, tokens: 0n }));
    await adopter.adopt("dies", async (_orgId, _cursors, last) => last(new Map([["usd", 7n]])));
    await client.flushall();
    await adopter.hold(freshId(), orgId, [entry("usd", 1n)]);
    await a.hold(freshId(), orgId, [entry("usd", 1n)]);
    expect((await states(a))[0]).toEqual({ committed: 7n, held: 2n });
  });
});
