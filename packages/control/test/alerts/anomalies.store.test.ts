import { findAnomalies } from "@tollgate/control/alerts/find-anomalies";
import { listAlerts } from "@tollgate/control/alerts/list";
import type { Context } from "@tollgate/control/context";
import { updateOrganisation } from "@tollgate/control/organisation/update";
import { openPool, type Pool } from "@tollgate/db/pool";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openLedger, usageEvent } from "../ledger.ts";
import { openTestSetup, type TestSetup } from "../test-setup.ts";

const HOUR_MS = 3_600_000;
const WEEK_MS = 168 * HOUR_MS;

let setup: TestSetup;
let pool: Pool;
let ledger: ReturnType<typeof openLedger>;
beforeAll(async () => {
  setup = await openTestSetup();
  pool = openPool({ connectionString: setup.database.ingestUrl });
  ledger = openLedger(setup.database);
});
afterAll(() => pool.end());

const spend = (owner: Context, atMs: number, usd: number) =>
  ledger.ingest([usageEvent(owner.orgId, atMs, { costNano: `${usd * 1_000}000000` })]);

/** Dollars of the same hour in each past week, the last week first. */
async function history(owner: Context, weeks: readonly number[], nowMs = setup.clock.now()): Promise<void> {
  for (const [index, usd] of weeks.entries()) await spend(owner, nowMs - (index + 1) * WEEK_MS, usd);
}

const look = (nowMs = setup.clock.now()) => findAnomalies(pool, nowMs);
const factsOf = async (owner: Context) => (await listAlerts(owner, {})).items.map(({ facts }) => facts);

test("spend far above the same hour of past weeks raises one alert an hour", async () => {
  const owner = await setup.organisation();
  await history(owner, [2, 3, 1, 2]);
  await spend(owner, setup.clock.now(), 9);
  await look();
  expect(await factsOf(owner)).toEqual([]);
  await spend(owner, setup.clock.now(), 0.5);
  await Promise.all([look(), look()]);
  const hour = new Date(Math.floor(setup.clock.now() / HOUR_MS) * HOUR_MS).toISOString();
  expect(await factsOf(owner)).toEqual([{ kind: "anomaly", hour, spentUsd: "9.5", usualUsd: "3", weeks: 4 }]);
  await look(setup.clock.now() + HOUR_MS);
  expect(await factsOf(owner)).toHaveLength(1);
});

test.each([
  ["as every week", [8, 9, 10, 9], 10],
  ["three times a very small amount", [0.1, 0.1, 0.1, 0.1], 0.9],
  ["of an organisation that is new this week", [], 500],
  ["of one that began last week", [3], 500],
] as const)("spend %s raises no alert", async (_, weeks, usd) => {
  const owner = await setup.organisation();
  await history(owner, weeks);
  await spend(owner, setup.clock.now(), usd);
  await look();
  expect(await factsOf(owner)).toEqual([]);
});

test("spend in an hour that never had any raises an alert, also in the hour that has just ended", async () => {
  const owner = await setup.organisation();
  await spend(owner, setup.clock.now() - 3 * WEEK_MS - 5 * HOUR_MS, 40);
  await spend(owner, setup.clock.now(), 2);
  await look(setup.clock.now() + HOUR_MS);
  expect(await factsOf(owner)).toMatchObject([{ spentUsd: "2", usualUsd: "0", weeks: 3 }]);
});

test("the same hour is compared in local time, across a change to daylight saving", async () => {
  const owner = await setup.organisation();
  await updateOrganisation(owner, { timeZone: "Europe/Berlin" });
  const change = Temporal.Now.zonedDateTimeISO("Europe/Berlin").getTimeZoneTransition("previous");
  const now = change?.add({ hours: 12 }) ?? expect.unreachable();
  for (const weeks of [1, 2]) await spend(owner, now.subtract({ weeks }).epochMilliseconds, 9);
  await spend(owner, now.epochMilliseconds, 10);
  await look(now.epochMilliseconds);
  expect(await factsOf(owner)).toEqual([]);
});
