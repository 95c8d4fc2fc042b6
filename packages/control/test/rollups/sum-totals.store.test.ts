import { parseSignedUsd } from "@tollgate/contracts/money";
import { rerateUsage } from "@tollgate/control/ledger/rerate";
import { updateOrganisation } from "@tollgate/control/organisation/update";
import { setPrice } from "@tollgate/control/prices/set";
import { getOverview } from "@tollgate/control/reports/overview";
import { getSpend } from "@tollgate/control/reports/spend";
import { sumTotals } from "@tollgate/control/rollups/sum-totals";
import { SERIES_MAX } from "@tollgate/control/rollups/top-sql";
import { openPool, type Pool } from "@tollgate/db/pool";
import { query } from "@tollgate/testkit/cluster";
import { brokenInvariants } from "@tollgate/testkit/invariants";
import { waitFor } from "@tollgate/testkit/wait-for";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openLedger } from "../ledger.ts";
import { openTestSetup, type TestSetup } from "../test-setup.ts";
import { daysOfEvents, daysOfReport, GROUPS, randomOf, randomUsage } from "./random-usage.ts";

const DAY_MS = 86_400_000;

let setup: TestSetup;
let pool: Pool;
let ledger: ReturnType<typeof openLedger>;
beforeAll(async () => {
  setup = await openTestSetup();
  pool = openPool({ connectionString: setup.database.ingestUrl });
  ledger = openLedger(setup.database);
});
afterAll(() => pool.end());

const one = async <T extends object>(sql: string): Promise<T | undefined> =>
  (await query<T>(setup.database.ownerUrl, sql))[0];

const summed = (): Promise<{ n: number } | undefined> => one("select count(*)::integer as n from usage_total");

const WAITING = `
  select pid from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like '%with days as (%'`;

/** Runs the job, and kills its session after it has taken days and before it has summed them. */
async function killedHalfWay(nowMs: number): Promise<void> {
  const blocker = new pg.Client({ connectionString: setup.database.ownerUrl });
  await blocker.connect();
  await blocker.query("begin; lock table usage_total in share mode");
  try {
    let done = false;
    const run = sumTotals(pool, nowMs, 0).catch(() => -1);
    void run.then(() => {
      done = true;
    });
    const { ownerUrl } = setup.database;
    // On other connections: within a transaction this view does not change.
    await waitFor(async () => done || (await query(ownerUrl, WAITING)).length === 1);
    await query(ownerUrl, `select pg_terminate_backend(pid) from (${WAITING}) as job`);
    await run;
  } finally {
    await blocker.end();
  }
}

test.each([1, 2])(
  "reports equal the events to the nano-dollar whenever the job runs or dies, with late, repeated and re-rated usage (%i)",
  async (seed) => {
    const owner = await setup.organisation();
    const timeZone = seed === 1 ? "UTC" : "Asia/Kolkata";
    await updateOrganisation(owner, { timeZone });
    const random = randomOf(seed);
    const nowMs = setup.clock.now();
    const fromMs = nowMs - 70 * DAY_MS;
    const usage = randomUsage(owner.orgId, 200, fromMs, nowMs, seed);
    const input = { from: new Date(fromMs).toISOString(), to: new Date(nowMs + DAY_MS).toISOString() };
    const isEqual = async (): Promise<void> => {
      const groupBy = GROUPS[Math.floor(random() * GROUPS.length)] ?? "none";
      const { series, rows } = await getSpend(owner, { ...input, groupBy, interval: "day" });
      // The table is read from months, too.
      const ofGroups = Map.groupBy(series, ({ groupId }) => groupId);
      for (const { groupId, costUsd } of rows.slice(0, SERIES_MAX)) {
        const costs = (ofGroups.get(groupId) ?? []).map((slot) => parseSignedUsd(slot.costUsd) ?? 0n);
        expect(costs.reduce((sum, cost) => sum + cost, 0n)).toBe(parseSignedUsd(costUsd));
      }
      const events = await daysOfEvents(
        setup.database.ownerUrl,
        owner.orgId,
        timeZone,
        groupBy,
        Date.parse(input.from),
      );
      expect(daysOfReport(series, timeZone), groupBy).toEqual(events);
    };
    const price = { provider: "openai", upstreamModel: "model-1", outputPerMillionUsd: "3" };
    const steps: readonly (() => Promise<unknown>)[] = [
      () => ledger.ingest(usage.splice(0, 25)),
      () => ledger.ingest([...usage.splice(0, 15), ...usage.slice(0, 5)]),
      () => sumTotals(pool, nowMs, 0, 1 + Math.floor(random() * 30)),
      () => sumTotals(pool, nowMs, 60_000),
      () => killedHalfWay(nowMs),
      () => ledger.check(nowMs),
      async () => {
        await setPrice(owner, { ...price, from: input.from, inputPerMillionUsd: `0.${1 + Math.floor(random() * 9)}` });
        await rerateUsage(owner, { from: input.from });
        await ledger.runMaintenance(nowMs);
      },
    ];
    await ledger.ingest(usage.splice(0, 80));
    // As an upgrade leaves it: nothing recorded what was written before.
    await query(
      setup.database.ownerUrl,
      "delete from usage_touched",
      "delete from usage_total_stale",
      "update usage_kept set since = to_timestamp(0) where name = 'usage_total_open'",
    );
    await isEqual();
    const overview = await getOverview(owner, { hours: 720 });
    while ((await sumTotals(pool, nowMs, 60_000)) > 0);
    expect((await summed())?.n).toBeGreaterThan(100);
    await isEqual();
    expect(overview.current.p50Ms).toBeGreaterThan(0);
    expect(await getOverview(owner, { hours: 720 })).toEqual(overview);
    while (usage.length > 0) {
      await steps[Math.floor(random() * steps.length)]?.();
      await isEqual();
    }
    expect(await brokenInvariants(setup.database.ownerUrl)).toEqual({});
    await ledger.check(nowMs);
    while ((await sumTotals(pool, nowMs, 60_000)) > 0);
    expect(await brokenInvariants(setup.database.ownerUrl)).toEqual({});
    expect(
      await one(
        `select count(*)::integer as n from usage_total_stale where day < '${new Date(nowMs).toISOString()}'::date`,
      ),
    ).toEqual({ n: 0 });
    for (let at = 0; at < GROUPS.length; at += 1) await isEqual();
  },
);
