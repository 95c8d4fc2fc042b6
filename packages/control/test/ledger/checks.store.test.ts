import { findAnomalies } from "@tollgate/control/alerts/find-anomalies";
import type { Context } from "@tollgate/control/context";
import { checkLedgers } from "@tollgate/control/ledger/check-ledgers";
import { closeMonth } from "@tollgate/control/ledger/close";
import { listMaintenance } from "@tollgate/control/ledger/list-maintenance";
import { monthAt } from "@tollgate/control/ledger/months";
import { rerateUsage } from "@tollgate/control/ledger/rerate";
import { runMaintenance } from "@tollgate/control/ledger/run-maintenance";
import { takeTouched } from "@tollgate/control/ledger/touched-hours";
import { fillLimits } from "@tollgate/control/limits/fill-limits";
import { setLimit } from "@tollgate/control/limits/set";
import { setPrice } from "@tollgate/control/prices/set";
import { getSpend } from "@tollgate/control/reports/spend";
import { openPool, type Pool } from "@tollgate/db/pool";
import { query } from "@tollgate/testkit/cluster";
import { brokenInvariants } from "@tollgate/testkit/invariants";
import { waitFor } from "@tollgate/testkit/wait-for";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { countingPool } from "../counting-pool.ts";
import { openLedger, usageEvent } from "../ledger.ts";
import { randomUsage } from "../rollups/random-usage.ts";
import { openTestSetup, type TestSetup } from "../test-setup.ts";

const HOUR_MS = 3_600_000;

let setup: TestSetup;
let pool: Pool;
let ledger: ReturnType<typeof openLedger>;
beforeAll(async () => {
  setup = await openTestSetup();
  pool = openPool({ connectionString: setup.database.ingestUrl });
  ledger = openLedger(setup.database);
  await look("insert into usage_kept values ('usage_reshape', now())");
});
afterAll(() => pool.end());

const look = (sql: string) => query<Record<string, unknown>>(setup.database.ownerUrl, sql);
const iso = (ms: number): string => new Date(ms).toISOString();
/** Checks every organisation that was written, as in the next hour. */
const check = () => checkLedgers(pool, { nowMs: setup.clock.now(), dueMs: Date.now() + HOUR_MS });
/** The daily check of every organisation. */
async function checkAll() {
  await look("update ledger_check set due_at = 'epoch'");
  return checkLedgers(pool, { nowMs: setup.clock.now() });
}
const touched = (orgId: string) =>
  look(`select hour, taken from usage_touched where org_id = '${orgId}' order by 1, 2`);
/** No organisation of an earlier test has its turn. */
async function noLonger(): Promise<void> {
  await look("delete from usage_touched");
  await look("update ledger_check set due_at = 'infinity'");
}
const call = (owner: Context, atMs = setup.clock.now()) => ledger.ingest([usageEvent(owner.orgId, atMs)]);

const KINDS = [
  ["usd", "month"],
  ["requests", "total"],
  ["tokens", "day"],
] as const;

async function setLimits(owner: Context, subject: Partial<Record<string, string>> = {}): Promise<void> {
  for (const scope of ["organisation", "team", "member", "key", "tag", "customer"] as const)
    for (const [unit, window] of KINDS)
      await setLimit(owner, { amount: "1000000000", scope, subject: subject[scope] ?? null, unit, window });
}

describe("roll-ups and counters that ingest feeds", () => {
  test.each([3, 29])(
    "never differ from the events: late, repeated, re-rated, limits set meanwhile (%i)",
    async (seed) => {
      const owner = await setup.organisation();
      const { orgId } = owner;
      const nowMs = setup.clock.now();
      const lastMonth = monthAt(monthAt(nowMs, "UTC").fromMs - 1, "UTC");
      const eventsOf = (count: number, more: number) => [
        ...randomUsage(orgId, count, lastMonth.toMs - 40 * HOUR_MS, lastMonth.toMs, seed + more),
        ...randomUsage(orgId, count, nowMs - 40 * HOUR_MS, nowMs, seed + more + 1),
      ];
      const parts = Array.from({ length: 10 }, (_, n) => eventsOf(15, 2 * n));
      await setLimits(owner);
      await Promise.all([...parts.slice(0, 4), ...parts.slice(2, 5)].map((part) => ledger.ingest(part)));
      await closeMonth(owner, { month: lastMonth.month });
      await runMaintenance(pool, nowMs);
      // The closed month gets late events; some come twice; new limits are set and filled; prices change.
      const own = {
        provider: "openai",
        upstreamModel: "model-2",
        from: iso(lastMonth.fromMs),
        inputPerMillionUsd: "3.1",
      };
      await setPrice(owner, { ...own, outputPerMillionUsd: "15" });
      await rerateUsage(owner, { from: iso(lastMonth.fromMs) });
      await Promise.all([
        ...[...parts.slice(3), ...parts.slice(6)].map((part) => ledger.ingest(part)),
        setLimits(owner, { tag: "feature=f1", customer: "customer-2" }),
        runMaintenance(pool, nowMs),
        check(),
      ]);
      await Promise.all([fillLimits(pool, nowMs), fillLimits(pool, nowMs)]);
      // The maintenance above may have run before some of the events arrived.
      await rerateUsage(owner, { from: iso(lastMonth.fromMs) });
      await runMaintenance(pool, nowMs);
      const [late] = await look(
        `select count(distinct reason)::int as n from usage_adjustment where org_id = '${orgId}'`,
      );
      expect(late).toEqual({ n: 3 });
      await ledger.ingest(parts[9] ?? []);
      await ledger.ingest([...eventsOf(10, 20), ...(parts[0] ?? [])]);
      expect(await touched(orgId)).not.toEqual([]);
      expect(await check()).toMatchObject({ corrected: [] });
      expect(await touched(orgId)).toEqual([]);
      expect(await checkAll()).toMatchObject({ corrected: [] });
      expect((await listMaintenance(owner, {})).items.flatMap(({ differences }) => differences)).toEqual([]);
      expect(await brokenInvariants(setup.database.ownerUrl)).toEqual({});
    },
  );
});

describe("a check of the ledger", () => {
  test("corrects what differs in a touched hour, records and alerts it, and says when it was", async () => {
    const owner = await setup.organisation();
    await setLimits(owner);
    await fillLimits(pool, setup.clock.now());
    await call(owner);
    expect(await getSpend(owner, {})).toMatchObject({ lastReconciledAt: null });
    await look(`update usage_minute set requests = 7 where org_id = '${owner.orgId}'`);
    await look(`update usage_day set cost_nano = cost_nano + 1 where org_id = '${owner.orgId}'`);
    await look(`update limit_counter set settled = settled + 1 where org_id = '${owner.orgId}'`);
    const { corrected } = await check();
    expect(new Set(corrected.flatMap(({ differences }) => differences.map(({ table }) => table)))).toEqual(
      new Set(["usage_minute", "usage_day", "limit_counter"]),
    );
    expect(await brokenInvariants(setup.database.ownerUrl)).toEqual({});
    expect((await listMaintenance(owner, {})).items).toMatchObject([{ kind: "reconcile", askedBy: null }]);
    const [alerts] = await look(
      `select count(*)::int as n from alert where org_id = '${owner.orgId}' and kind = 'books'`,
    );
    expect(alerts).toEqual({ n: 1 });
    expect((await getSpend(owner, {})).lastReconciledAt).not.toBeNull();
  });

  // Ingest of the organisation waits while its roll-ups are written.
  test("writes only the roll-ups that differ", async () => {
    const owner = await setup.organisation();
    await call(owner);
    await look(`update usage_minute set requests = 7 where org_id = '${owner.orgId}'`);
    const versions = (table: string) => look(`select xmin::text from ${table} where org_id = '${owner.orgId}'`);
    const TABLES = ["usage_hour", "usage_day", "usage_group", "usage_latency", "usage_minute"];
    const before = await Promise.all(TABLES.map(versions));
    await check();
    const after = await Promise.all(TABLES.map(versions));
    expect(after.slice(0, -1)).toEqual(before.slice(0, -1));
    expect(after.at(-1)).not.toEqual(before.at(-1));
    expect(await look(`select requests::integer from usage_minute where org_id = '${owner.orgId}'`)).toEqual([
      { requests: 1 },
    ]);
    expect(await brokenInvariants(setup.database.ownerUrl)).toEqual({});
  });

  test("reads only the hours that were written since the last one; once a day it reads all of two days", async () => {
    const owner = await setup.organisation();
    const nowMs = setup.clock.now();
    await call(owner, nowMs - 3 * HOUR_MS);
    await check();
    await call(owner, nowMs);
    await look(
      `update usage_minute set requests = 7 where org_id = '${owner.orgId}' and slot < '${iso(nowMs - HOUR_MS)}'`,
    );
    expect(await check()).toMatchObject({ organisations: 1, corrected: [] });
    expect(await check()).toMatchObject({ organisations: 0 });
    const { corrected } = await checkAll();
    expect(corrected).toMatchObject([{ orgId: owner.orgId, differences: [{ table: "usage_minute" }] }]);
  });

  test("costs nothing for organisations that were not written", async () => {
    const owner = await setup.organisation();
    const counting = countingPool(setup.database);
    const cost = async () => {
      await call(owner);
      await check();
      await call(owner);
      counting.read();
      const { organisations } = await checkLedgers(counting.pool, {
        nowMs: setup.clock.now(),
        dueMs: Date.now() + HOUR_MS,
      });
      await findAnomalies(counting.pool, setup.clock.now());
      return { organisations, ...counting.read() };
    };
    await cost();
    const before = await cost();
    await look(
      `insert into organisation (id, slug, name) select gen_random_uuid(), 'idle-' || n, 'Idle' from generate_series(1, 500) as n`,
    );
    const after = await cost();
    expect([before.organisations, after.organisations]).toEqual([1, 1]);
    // Not exactly equal: the two lanes of a run begin in any order.
    expect(after.statements).toBeLessThan(before.statements + 6);
    expect(after.rows).toBeLessThan(before.rows + 6);
    expect(before.statements).toBeLessThan(40);
  });

  test("that is killed is done by another; what is written meanwhile has its own", async () => {
    const owner = await setup.organisation();
    await noLonger();
    await call(owner);
    const dueMs = Date.now() + HOUR_MS;
    expect(await takeTouched(pool, dueMs)).toMatchObject({ orgId: owner.orgId });
    expect(await takeTouched(pool, dueMs)).toBeNull();
    await call(owner, setup.clock.now() - HOUR_MS);
    await call(owner);
    expect(await touched(owner.orgId)).toMatchObject([{ taken: false }, { taken: false }, { taken: true }]);
    const taken = await takeTouched(pool, dueMs + HOUR_MS);
    expect(taken?.hoursMs).toHaveLength(2);
    expect(await checkLedgers(pool, { nowMs: setup.clock.now(), dueMs: dueMs + 3 * HOUR_MS })).toMatchObject({
      organisations: 1,
    });
    expect(await touched(owner.orgId)).toEqual([]);
  });

  test("waits for usage that is being ingested for an hour that it takes", async () => {
    const owner = await setup.organisation();
    const { id } = await setLimit(owner, { scope: "organisation", unit: "usd", window: "total", amount: "9" });
    await call(owner);
    const blocker = new pg.Client({ connectionString: setup.database.ownerUrl });
    await blocker.connect();
    await blocker.query("begin");
    await blocker.query("select from limit_counter where limit_id = $1 for update", [id]);
    const ingested = call(owner).then(() => "ingested");
    const waits =
      "select from pg_stat_activity where wait_event_type = 'Lock' and query like '%insert into limit_counter%'";
    await waitFor(async () => (await look(waits)).length > 0);
    const checked = check().then(() => "checked");
    await waitFor(
      async () => (await look("select from pg_stat_activity where query like '%virtualtransaction as id%'")).length > 0,
    );
    await blocker.query("commit");
    await blocker.end();
    expect(await Promise.race([ingested, checked])).toBe("ingested");
    await checked;
    expect(await brokenInvariants(setup.database.ownerUrl)).toEqual({});
  });

  test("has its turn at another time for each organisation", async () => {
    await noLonger();
    await look(`
      insert into organisation (id, slug, name) select gen_random_uuid(), 'busy-' || n, 'Busy' from generate_series(1, 300) as n`);
    const orgs = await look("select id from organisation where slug like 'busy-%'");
    await ledger.ingest(orgs.map(({ id }) => usageEvent(String(id), setup.clock.now())));
    const [turns] = await look(`
      select count(distinct date_trunc('minute', due_at))::int as minutes,
        bool_and(due_at > now() - interval '1 minute' and due_at <= now() + interval '1 hour') as "soon" from usage_touched`);
    expect(turns).toMatchObject({ soon: true });
    expect(Number(turns?.minutes)).toBeGreaterThan(45);
  });
});
