import { closeMonth } from "@tollgate/control/ledger/close";
import { monthAt } from "@tollgate/control/ledger/months";
import { reconcileUsage } from "@tollgate/control/ledger/reconcile";
import { rerateUsage } from "@tollgate/control/ledger/rerate";
import { runMaintenance } from "@tollgate/control/ledger/run-maintenance";
import { updateOrganisation } from "@tollgate/control/organisation/update";
import { setPrice } from "@tollgate/control/prices/set";
import { getSpend } from "@tollgate/control/reports/spend";
import { forgetRollUps } from "@tollgate/control/rollups/forget";
import { openPool, type Pool } from "@tollgate/db/pool";
import { query } from "@tollgate/testkit/cluster";
import { brokenInvariants } from "@tollgate/testkit/invariants";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openLedger } from "../ledger.ts";
import { refusal } from "../refusal.ts";
import { openTestSetup, type TestSetup } from "../test-setup.ts";
import { daysOfEvents, daysOfReport, randomUsage } from "./random-usage.ts";

const DAY_MS = 86_400_000;
const ZONES = ["UTC", "America/St_Johns", "Asia/Kathmandu"];

let setup: TestSetup;
let pool: Pool;
let ledger: ReturnType<typeof openLedger>;
beforeAll(async () => {
  setup = await openTestSetup();
  pool = openPool({ connectionString: setup.database.ingestUrl });
  ledger = openLedger(setup.database);
  // There is nothing to compute again: the database is new.
  await look("insert into usage_kept values ('usage_reshape', now())");
});
afterAll(() => pool.end());

const look = (...statements: string[]) => query<Record<string, number>>(setup.database.ownerUrl, ...statements);
const iso = (ms: number): string => new Date(ms).toISOString();

test("days are exact in every zone after minutes are deleted, with re-rated, late and closed usage", async () => {
  const owner = await setup.organisation();
  const { orgId } = owner;
  const nowMs = setup.clock.now();
  const thisMonth = monthAt(nowMs, "UTC");
  const lastMonth = monthAt(thisMonth.fromMs - 1, "UTC");
  const events = randomUsage(orgId, 600, lastMonth.fromMs, nowMs, 7);
  for (let at = 0; at < 500; at += 100) await ledger.ingest(events.slice(at, at + 100));
  await closeMonth(owner, { month: lastMonth.month });
  await runMaintenance(pool, nowMs);
  // Some of these are late for the closed month.
  await ledger.ingest(events.slice(500));
  await setPrice(owner, {
    provider: "openai",
    upstreamModel: "model-2",
    from: iso(lastMonth.fromMs),
    inputPerMillionUsd: "3.1",
    outputPerMillionUsd: "15",
  });
  await rerateUsage(owner, { from: iso(lastMonth.fromMs) });
  await runMaintenance(pool, nowMs);
  expect(
    (await look(`select count(distinct reason)::integer as n from usage_adjustment where org_id = '${orgId}'`))[0],
  ).toEqual({ n: 3 });

  // The first run gives minutes up, the second deletes them.
  await forgetRollUps(pool, nowMs);
  expect(await forgetRollUps(pool, nowMs)).toBeGreaterThan(0);
  const [left] = await look(
    `select count(*) filter (where slot < '${iso(nowMs - 4 * DAY_MS)}')::integer as old, count(*)::integer as all from usage_minute`,
  );
  expect(left).toMatchObject({ old: 0, all: expect.any(Number) });

  for (const timeZone of ZONES) {
    await updateOrganisation(owner, { timeZone });
    const from = Temporal.Instant.fromEpochMilliseconds(lastMonth.fromMs + 2 * DAY_MS)
      .toZonedDateTimeISO(timeZone)
      .startOfDay();
    for (const groupBy of ["model", "key", "none"] as const) {
      const { series, total } = await getSpend(owner, {
        from: iso(from.epochMilliseconds),
        to: iso(nowMs + 2 * DAY_MS),
        interval: "day",
        groupBy,
      });
      expect(total.requests).toBeGreaterThan(500);
      const expected = await daysOfEvents(setup.database.ownerUrl, orgId, timeZone, groupBy, from.epochMilliseconds);
      expect(daysOfReport(series, timeZone)).toEqual(expected);
    }
  }
  expect(await brokenInvariants(setup.database.ownerUrl)).toEqual({});

  // Reconciling does not miss the minutes that were deleted, and a rebuild does not bring them back.
  await look(`update usage_hour set cost_nano = cost_nano + 1 where org_id = '${orgId}'`);
  await reconcileUsage(owner, {});
  const done = await runMaintenance(pool, nowMs);
  expect(done.flatMap(({ differences }) => differences.map(({ table }) => table))).not.toContain("usage_minute");
});

test("a range older than the minutes begins with a whole hour, and says so; minutes of it are refused", async () => {
  const owner = await setup.organisation();
  const nowMs = setup.clock.now();
  await forgetRollUps(pool, nowMs);
  const from = new Date(nowMs - 9 * DAY_MS);
  from.setUTCHours(7, 23, 0, 0);
  const { from: said } = await getSpend(owner, { from: from.toISOString(), groupBy: "none" });
  expect(said).toBe(`${from.toISOString().slice(0, 10)}T07:00:00.000Z`);
  const asked = { from: from.toISOString(), to: iso(from.getTime() + 3_600_000), interval: "minute" as const };
  expect((await refusal(getSpend(owner, asked))).fields).toEqual(["interval"]);
});
