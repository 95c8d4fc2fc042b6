import { updateOrganisation } from "@tollgate/control/organisation/update";
import { getSpend } from "@tollgate/control/reports/spend";
import { fillTotals } from "@tollgate/control/rollups/fill-totals";
import { openPool, type Pool } from "@tollgate/db/pool";
import { query } from "@tollgate/testkit/cluster";
import { brokenInvariants } from "@tollgate/testkit/invariants";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openLedger } from "../ledger.ts";
import { openTestSetup, type TestSetup } from "../test-setup.ts";
import { GROUPS, randomUsage } from "./random-usage.ts";

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

/** As the migration leaves a database that has roll-ups. */
const AS_BEFORE = [
  "truncate usage_total",
  "update usage_kept set since = date_trunc('day', now(), 'UTC') + interval '3 days' where name = 'usage_total'",
];

test("totals of earlier roll-ups are filled in steps under traffic, and no report changes", async () => {
  const owner = await setup.organisation();
  await updateOrganisation(owner, { timeZone: "Asia/Kolkata" });
  const nowMs = setup.clock.now();
  await ledger.ingest(randomUsage(owner.orgId, 300, nowMs - 60 * DAY_MS, nowMs, 3));
  const input = { from: new Date(nowMs - 50 * DAY_MS).toISOString(), to: new Date(nowMs + DAY_MS).toISOString() };
  const reports = async () =>
    Promise.all(
      GROUPS.map(async (groupBy) => {
        const { lastReconciledAt: _, ...spend } = await getSpend(owner, { ...input, groupBy, interval: "day" });
        return spend;
      }),
    );
  const filled = await reports();
  await query(setup.database.ownerUrl, ...AS_BEFORE);
  expect(await reports()).toEqual(filled);

  let steps = 0;
  const more = randomUsage(owner.orgId, 100, nowMs - 60 * DAY_MS, nowMs, 4);
  for (let done = 1; done > 0; steps += done) {
    done = await fillTotals(pool, 0, 80);
    // Late usage of days that are filled, and of days that are not.
    await ledger.ingest(more.splice(0, 10));
    if (steps === 1) expect(await brokenInvariants(setup.database.ownerUrl)).toEqual({});
  }
  expect(steps).toBeGreaterThan(3);
  const [marks] = await query<{ n: number }>(
    setup.database.ownerUrl,
    "select count(*)::integer as n from usage_total_fill where day > to_timestamp(0)",
  );
  expect(marks).toEqual({ n: 0 });
  await ledger.ingest(more);
  expect(await brokenInvariants(setup.database.ownerUrl)).toEqual({});
  const after = await reports();
  await query(setup.database.ownerUrl, "delete from usage_total_fill", ...AS_BEFORE);
  expect(await reports()).toEqual(after);
  expect(after).not.toEqual(filled);
});
