import { freshId } from "@tollgate/testkit/fresh-id";
import { redisMissing } from "@tollgate/testkit/redis";
import { waitFor } from "@tollgate/testkit/wait-for";
import { describe, expect, test } from "vitest";
import { entry, redisStores } from "./redis-stores.ts";

describe.skipIf(await redisMissing())("epochs of the counters in Redis", () => {
  const stores = redisStores();

  /** Resolves when these owners are present, and none of an earlier test. */
  async function onlyPresent(...owners: string[]): Promise<void> {
    await stores.client().del("tollgate:proxies");
    await waitFor(async () =>
      (await stores.client().hmget("tollgate:proxies", ...owners)).every((lastSeen) => lastSeen !== null),
    );
  }

  test("counters lost by Redis are rebuilt from the ledger, each process's spool and its calls under way", async () => {
    const orgId = freshId();
    const spools: Record<string, bigint> = { a: 0n, b: 0n };
    const named = (name: string) =>
      stores.store({
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

    // In b's spool, not yet in the ledger, and not yet settled when Redis loses its data.
    spools.b = 25n;
    await stores.client().flushall();
    await b.settle(settled, orgId, { usd: 25n, tokens: 0n });
    await a.hold(freshId(), orgId, [entry(1n, 1_000n)]);
    await b.hold(freshId(), orgId, [entry(1n, 1_000n)]);
    expect(await a.read(orgId, ["a"])).toEqual([{ committed: 125n, held: 9n }]);
    await a.settle(under, orgId, { usd: 5n, tokens: 0n });
    expect(await b.read(orgId, ["a"])).toEqual([{ committed: 130n, held: 2n }]);
  });

  test("counters are rebuilt when Redis was restored from a backup", async () => {
    const orgId = freshId();
    const each = stores.store({
      readLedger: async () => ({ committed: new Map([["a", 50n]]), revision: 0, cursors: "", ended: [] }),
    });
    await waitFor(() => each.read(orgId, ["a"]));
    const backup = await stores.client().dumpBuffer(`tollgate:{${orgId}}`);
    for (let call = 0; call < 3; call += 1) await each.hold(freshId(), orgId, [entry(1n, 100n)]);
    await stores.client().restore(`tollgate:{${orgId}}`, 0, backup, "REPLACE");
    await each.hold(freshId(), orgId, [entry(1n, 100n)]);
    expect(await each.read(orgId, ["a"])).toEqual([{ committed: 50n, held: 4n }]);
  });

  test("counters are rebuilt when Redis was restored to an epoch before the current one", async () => {
    const orgId = freshId();
    let spent = 10n;
    const each = stores.store({
      readLedger: async () => ({ committed: new Map([["a", spent]]), revision: 0, cursors: "", ended: [] }),
    });
    await waitFor(() => each.read(orgId, ["a"]));
    const backup = await stores.client().dumpBuffer(`tollgate:{${orgId}}`);
    spent = 50n;
    await stores.client().flushall();
    await each.hold(freshId(), orgId, [entry(1n, 100n)]);
    await stores.client().restore(`tollgate:{${orgId}}`, 0, backup, "REPLACE");
    await each.hold(freshId(), orgId, [entry(1n, 100n)]);
    expect(await each.read(orgId, ["a"])).toEqual([{ committed: 50n, held: 2n }]);
  });

  test("a process without calls of an organisation reports too, so that calls of others do not wait for it", async () => {
    const orgId = freshId();
    stores.store({ owner: () => "idle", gatherMs: 60_000 });
    const busy = stores.store({ owner: () => "busy", gatherMs: 60_000 });
    await onlyPresent("idle", "busy");
    expect(await busy.hold(freshId(), orgId, [entry(7n, 10n)])).toMatchObject({ ok: true });
  });

  test("calls wait while counters are rebuilt, until every process has reported", async () => {
    const orgId = freshId();
    const reported = Promise.withResolvers<void>();
    const slow = stores.store({
      owner: () => "slow",
      gatherMs: 60_000,
      readOwn: async (_orgId, _cursors, last) => reported.promise.then(() => last(new Map([["a", 60n]]))),
    });
    const quick = stores.store({ owner: () => "quick", gatherMs: 60_000 });
    await onlyPresent("slow", "quick");
    await waitFor(() => quick.read(orgId, ["a"]));
    let isAnswered = false;
    const asked = Promise.resolve(quick.hold(freshId(), orgId, [entry(50n, 100n)])).finally(() => {
      isAnswered = true;
    });
    for (let turn = 0; turn < 5; turn += 1) await quick.read(orgId, ["a"]);
    expect(isAnswered).toBe(false);
    reported.resolve();
    await slow.read(orgId, ["a"]);
    expect(await asked).toMatchObject({ ok: false, state: { committed: 60n, held: 0n } });
  });

  test("calls wait longer for a spool on the same machine, which will be adopted, than for another machine", async () => {
    const orgId = freshId();
    const each = stores.store({ gatherMs: 50, nearMs: 60_000, spools: async () => ["here"] });
    await waitFor(() => each.read(orgId, ["a"]));
    const asked = Promise.resolve(each.hold(freshId(), orgId, [entry(50n, 100n)]));
    // The name of an epoch begins with its time.
    const epoch = await stores.client().hget(`tollgate:{${orgId}}`, "epoch");
    await waitFor(() => Date.now() - Number(epoch?.slice(0, 15)) > 300);
    await each.adopt("here", async (_orgId, _cursors, report) => report(new Map([["a", 60n]])));
    expect(await asked).toMatchObject({ ok: false, state: { committed: 60n } });
  });

  test("calls do not wait for an adopted spool that the ledger has and that is being removed", async () => {
    const orgId = freshId();
    const each = stores.store({ nearMs: 60_000, spools: async () => ["here"] });
    await waitFor(() => each.id());
    await each.adopt("here", async (_orgId, _cursors, report) => report(new Map()));
    each.release("here");
    expect(await each.hold(freshId(), orgId, [entry(1n, 100n)])).toMatchObject({ ok: true });
  });

  test("after Redis lost everything, calls wait for processes that Redis does not know yet", async () => {
    const orgId = freshId();
    const quick = stores.store({ owner: () => "quick", gatherMs: 60_000 });
    const other = stores.store({
      owner: () => "other",
      gatherMs: 60_000,
      readOwn: async (_orgId, _cursors, report) => report(new Map([["a", 60n]])),
    });
    await Promise.all([quick, other].map((each) => waitFor(() => each.id())));
    await stores.client().flushall();
    expect(await quick.hold(freshId(), orgId, [entry(50n, 100n)])).toMatchObject({
      ok: false,
      state: { committed: 60n },
    });
  });

  test("calls wait only for a bounded time for a process that has exited", async () => {
    const orgId = freshId();
    await stores.client().hset("tollgate:proxies", "gone", Date.now());
    const each = stores.store({ gatherMs: 300 });
    await waitFor(() => each.read(orgId, ["a"]));
    const startedMs = performance.now();
    expect(await each.hold(freshId(), orgId, [entry(1n, 100n)])).toMatchObject({ ok: true });
    expect(performance.now() - startedMs).toBeGreaterThan(200);
    await stores.client().hdel("tollgate:proxies", "gone");
  });

  test("when owners exit before they report to an epoch, the first to restart makes admission wait for the others", async () => {
    const orgId = freshId();
    await stores.client().del("tollgate:proxies");
    const spools = async () => ["first", "second"];
    const founder = stores.store({ owner: () => "founder", gatherMs: 300, nearMs: 300, spools });
    await waitFor(() => founder.read(orgId, ["a"]));
    // No owner has reported in time.
    await founder.hold(freshId(), orgId, [entry(1n, 100n)]);
    const first = stores.store({ owner: () => "first", gatherMs: 60_000 });
    await waitFor(() => first.read(orgId, ["a"]));
    let isAnswered = false;
    const asked = Promise.resolve(founder.hold(freshId(), orgId, [entry(50n, 100n)])).finally(() => {
      isAnswered = true;
    });
    for (let turn = 0; turn < 5; turn += 1) await founder.read(orgId, ["a"]);
    expect(isAnswered).toBe(false);
    const second = stores.store({
      owner: () => "second",
      readOwn: async (_orgId, _cursors, last) => last(new Map([["a", 60n]])),
    });
    await waitFor(() => second.read(orgId, ["a"]));
    expect(await asked).toMatchObject({ ok: false, state: { committed: 60n, held: 1n } });
  });

  test("counters are rebuilt when the ledger was corrected, also to less, with the calls under way", async () => {
    const orgId = freshId();
    const ledger = { committed: new Map([["a", 50n]]), revision: 1, cursors: "", ended: [] };
    const [one, other] = [
      stores.store({ owner: () => "one", readLedger: async () => ledger }),
      stores.store({ owner: () => "other", readLedger: async () => ledger }),
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

  test("counters that have no revision are rebuilt", async () => {
    const orgId = freshId();
    const each = stores.store({
      readLedger: async () => ({ committed: new Map([["a", 50n]]), revision: 0, cursors: "", ended: [] }),
    });
    await waitFor(() => each.read(orgId, ["a"]));
    await stores.client().hdel(`tollgate:{${orgId}}`, "revision");
    await each.seed(orgId, { committed: new Map([["a", 50n]]), revision: 0 });
    expect(await stores.client().hget(`tollgate:{${orgId}}`, "revision")).toBe("0");
    expect(await each.read(orgId, ["a"])).toEqual([{ committed: 50n, held: 0n }]);
  });

  test("a call that was let through, and is in the spool when an epoch begins, is counted once", async () => {
    const orgId = freshId();
    let spooled = 0n;
    const each = stores.store({ readOwn: async (_orgId, _cursors, last) => last(new Map([["a", spooled]])) });
    await waitFor(() => each.read(orgId, ["a"]));
    const id = freshId();
    each.letThrough(id, orgId, [entry(50n, 10n)]);
    spooled = 40n;
    await stores.client().flushall();
    await each.settle(id, orgId, { usd: 40n, tokens: 0n });
    expect(await each.read(orgId, ["a"])).toEqual([{ committed: 40n, held: 0n }]);
  });

  test("counters are rebuilt when Redis was restored while no process was running", async () => {
    const orgId = freshId();
    await stores.client().flushall();
    const ledger = { committed: new Map([["a", 10n]]), revision: 0, cursors: "", ended: [] };
    const before = stores.store({ readLedger: async () => ledger });
    await waitFor(() => before.read(orgId, ["a"]));
    await before.close();
    ledger.committed = new Map([["a", 90n]]);
    // As after an hour: the last heartbeat of any owner is long ago.
    await stores.client().hset("tollgate:proxies", "a", Date.now() - 3_600_000);
    const after = stores.store({ readLedger: async () => ledger });
    await waitFor(() => after.read(orgId, ["a"]));
    expect(await after.read(orgId, ["a"])).toEqual([{ committed: 90n, held: 0n }]);
  });

  test("calls wait no longer when the process that begins an epoch has a wrong clock", async () => {
    const orgId = freshId();
    const hasty = stores.store({ gatherMs: 300, clock: { now: () => Date.now() + 90_000, follow: () => {} } });
    const right = stores.store({ gatherMs: 300 });
    await waitFor(() => hasty.read(orgId, ["a"]));
    const startedMs = performance.now();
    expect(await right.hold(freshId(), orgId, [entry(1n, 100n)])).toMatchObject({ ok: true });
    // Half of the clock's error.
    expect(performance.now() - startedMs).toBeLessThan(45_000);
  });

  test("counters of all organisations are rebuilt at once when Redis lost them, also those without calls", async () => {
    const orgIds = Array.from({ length: 1_500 }, () => freshId());
    await stores.client().del("tollgate:proxies");
    const reports = new Set<string>();
    const idle = stores.store({
      owner: () => "idle",
      readOwn: async (orgId, _cursors, report) => {
        reports.add(orgId);
        report(new Map([["a", 60n]]));
      },
    });
    await waitFor(() => idle.read(freshId(), ["a"]));
    await Promise.all(orgIds.map((orgId) => idle.seed(orgId, { committed: new Map(), revision: 0 })));
    reports.clear();
    await stores.client().flushall();
    await waitFor(() => orgIds.every((orgId) => reports.has(orgId)));
  });

  test("a process reports to an epoch it could not join at first, also without a further call", async () => {
    const orgId = freshId();
    let isPostgresDown = false;
    let refused = 0;
    let reports = 0;
    const idle = stores.store({
      readLedger: async () => {
        if (!isPostgresDown) return { committed: new Map(), revision: 0, cursors: "", ended: [] };
        refused += 1;
        throw new Error("Postgres is down");
      },
      readOwn: async (_orgId, _cursors, report) => {
        reports += 1;
        report(new Map([["a", 60n]]));
      },
    });
    await waitFor(() => idle.read(orgId, ["a"]));
    isPostgresDown = true;
    await stores.client().flushall();
    await waitFor(() => refused > 0);
    const before = reports;
    isPostgresDown = false;
    await waitFor(() => reports > before);
    expect(await idle.read(orgId, ["a"])).toEqual([{ committed: 60n, held: 0n }]);
  });
});
