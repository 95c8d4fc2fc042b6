import { findCrossings } from "@tollgate/control/alerts/find-crossings";
import { listAlerts } from "@tollgate/control/alerts/list";
import type { Context } from "@tollgate/control/context";
import { listMaintenance } from "@tollgate/control/ledger/list-maintenance";
import { reconcileUsage } from "@tollgate/control/ledger/reconcile";
import { listLimits } from "@tollgate/control/limits/list";
import { setLimit } from "@tollgate/control/limits/set";
import { updateOrganisation } from "@tollgate/control/organisation/update";
import { openPool, type Pool } from "@tollgate/db/pool";
import { query } from "@tollgate/testkit/cluster";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Ledger, openLedger, usageEvent } from "./ledger.ts";
import { refusal } from "./refusal.ts";
import { openTestSetup, type TestSetup } from "./test-setup.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

let setup: TestSetup;
let ledger: Ledger;
let pool: Pool;
let noon: number;
let midnight: number;
beforeAll(async () => {
  setup = await openTestSetup();
  ledger = openLedger(setup.database);
  pool = openPool({ connectionString: setup.database.ingestUrl });
  noon = setup.clock.now();
  midnight = Math.floor(noon / DAY) * DAY;
});
afterAll(() => pool.end());

const daily = { scope: "organisation", unit: "usd", window: "day", amount: "1" } as const;
const iso = (atMs: number): string => new Date(atMs).toISOString();
const call = (owner: Context, atMs: number) => ledger.ingest([usageEvent(owner.orgId, atMs)]);
const limits = async (owner: Context) => (await listLimits(owner, {})).items;
const at = async <T>(atMs: number, look: () => Promise<T>): Promise<T> => {
  setup.clock.advance(atMs - setup.clock.now());
  return look().finally(() => setup.clock.advance(noon - setup.clock.now()));
};

const counters = (owner: Context) =>
  query<{ start: Date; settled: string }>(
    setup.database.ownerUrl,
    `select window_start as start, settled from limit_counter where org_id = '${owner.orgId}' order by 1, 2`,
  );

const differences = async (owner: Context, atMs: number) => {
  await reconcileUsage(owner, {});
  await ledger.runMaintenance(atMs);
  return (await listMaintenance(owner, {})).items[0]?.differences;
};

test("a new time zone does not change today's counter; the new zone's day begins where the old one ends", async () => {
  const owner = await setup.organisation();
  await setLimit(owner, daily);
  await call(owner, midnight + HOUR);
  const before = await limits(owner);
  expect(before).toMatchObject([{ spent: "0.25", windowStart: iso(midnight), resetsAt: iso(midnight + DAY) }]);
  await updateOrganisation(owner, { timeZone: "Asia/Tokyo" });
  expect(await limits(owner)).toEqual(before);
  await call(owner, noon);
  expect(await limits(owner)).toMatchObject([{ spent: "0.5", left: "0.5", resetsAt: iso(midnight + DAY) }]);

  // By then, the day in Tokyo is nine hours old.
  const [tokyo, end] = [midnight + DAY, midnight + DAY + 15 * HOUR];
  await call(owner, tokyo);
  const early = await at(tokyo, () => limits(owner));
  expect(early).toMatchObject([{ spent: "0.25", windowStart: iso(tokyo), resetsAt: iso(end) }]);
  expect(await at(end, () => limits(owner))).toMatchObject([
    { spent: "0", windowStart: iso(end), resetsAt: iso(end + DAY) },
  ]);
});

test("late events count in their original window after a change of the zone", async () => {
  const owner = await setup.organisation();
  await setLimit(owner, daily);
  await updateOrganisation(owner, { timeZone: "Asia/Tokyo" });
  await at(noon + DAY, () => updateOrganisation(owner, { timeZone: "America/New_York" }));
  for (const atMs of [midnight - 20 * DAY, midnight - 1, midnight, midnight + DAY - 1, midnight + DAY])
    await call(owner, atMs);
  expect(await counters(owner)).toEqual([
    { start: new Date(midnight - 20 * DAY), settled: "250000000" },
    { start: new Date(midnight - DAY), settled: "250000000" },
    { start: new Date(midnight), settled: "500000000" },
    { start: new Date(midnight + DAY), settled: "250000000" },
  ]);
});

test("a limit that is set after the change counts the same window as the ledger", async () => {
  const owner = await setup.organisation();
  await setLimit(owner, daily);
  await call(owner, midnight + HOUR);
  await updateOrganisation(owner, { timeZone: "Pacific/Auckland" });
  await call(owner, noon);
  await setLimit(owner, daily);
  const both = [{ spent: "0.5", windowStart: iso(midnight) }, { spent: "0.5" }];
  expect(await limits(owner)).toMatchObject(both);
  expect(await differences(owner, noon)).toEqual([]);
  expect(await counters(owner)).toHaveLength(2);
});

test("a change of the zone does not repeat an alert of the day", async () => {
  const owner = await setup.organisation();
  await setLimit(owner, { ...daily, thresholds: [20] });
  await call(owner, noon);
  await updateOrganisation(owner, { timeZone: "Asia/Tokyo" });
  await call(owner, noon);
  await findCrossings(pool, noon);
  const { items } = await listAlerts(owner, {});
  expect(items.map(({ facts }) => facts)).toMatchObject([{ threshold: 20, windowStart: iso(midnight) }]);
});

test("two concurrent changes are both kept, and a change to the same zone has no effect", async () => {
  const owner = await setup.organisation();
  await Promise.all(["Asia/Tokyo", "Europe/Berlin"].map((timeZone) => updateOrganisation(owner, { timeZone })));
  const { timeZone } = await updateOrganisation(owner, { name: "Acme" });
  await updateOrganisation(owner, { timeZone });
  const [row] = await query<{ former: object[] }>(
    setup.database.ownerUrl,
    `select former_zones as former from organisation where id = '${owner.orgId}'`,
  );
  const first = timeZone === "Asia/Tokyo" ? "Europe/Berlin" : "Asia/Tokyo";
  expect(row?.former).toEqual([
    { timeZone: "UTC", untilMs: noon },
    { timeZone: first, untilMs: noon },
  ]);
});

test("zones of long ago are dropped; after too many changes the error says when the next is possible", async () => {
  const owner = await setup.organisation();
  const former = (count: number, untilMs: number) =>
    query(
      setup.database.ownerUrl,
      `update organisation set former_zones = (
         select jsonb_agg(jsonb_build_object('timeZone', 'UTC', 'untilMs', ${untilMs})) from generate_series(1, ${count})
       ) where id = '${owner.orgId}' returning 1`,
    );
  await former(100, noon - DAY);
  const refused = await refusal(updateOrganisation(owner, { timeZone: "Asia/Tokyo" }));
  expect(refused).toMatchObject({ code: "validation_failed", fields: ["timeZone"] });
  await updateOrganisation(owner, { name: "Acme & Co" });
  await former(100, noon - 501 * DAY);
  await updateOrganisation(owner, { timeZone: "Asia/Tokyo" });
  const [row] = await query<{ former: object[] }>(
    setup.database.ownerUrl,
    `select former_zones as former from organisation where id = '${owner.orgId}'`,
  );
  expect(row?.former).toEqual([{ timeZone: "UTC", untilMs: noon }]);
});
