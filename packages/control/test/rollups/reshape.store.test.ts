import { updateOrganisation } from "@tollgate/control/organisation/update";
import { getSpend } from "@tollgate/control/reports/spend";
import { forgetRollUps } from "@tollgate/control/rollups/forget";
import { reshapeRollUps } from "@tollgate/control/rollups/reshape";
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

const SLICE = "org_id, SLOT, team_id, member_id, key_id, model, provider, status_class";
const SUMS = [
  "requests",
  "cache_hits",
  "unpriced",
  "input_tokens",
  "cache_read_tokens",
  "cache_write_tokens",
  "output_tokens",
  "reasoning_tokens",
  "cost_nano",
];
const sums = (names: readonly string[]): string => names.map((name) => `sum(${name})`).join(", ");

/** Writes the roll-ups as the version before did. */
const asBefore = (orgId: string): string[] => {
  const own = `where org_id = '${orgId}'`;
  const groupSums = ["requests", "cache_hits", "unpriced", "input_tokens", "output_tokens", "cost_nano"];
  const hour = "date_trunc('hour', slot)";
  return [
    `create temporary table hours as select ${SLICE.replace("SLOT", `${hour} as slot`)}, ${SUMS.map((sum) => `sum(${sum}) as ${sum}`).join(", ")}
     from usage_hour ${own} group by 1, 2, 3, 4, 5, 6, 7, 8`,
    `delete from usage_hour ${own}`,
    `insert into usage_hour (${SLICE.replace("SLOT", "slot")}, ${SUMS.join(", ")}) select * from hours`,
    `delete from usage_group ${own}`,
    `insert into usage_group (org_id, kind, slot, group_id, ${groupSums.join(", ")}, errors)
     select org_id, kind, slot, group_id, ${sums(groupSums)},
       coalesce(sum(requests) filter (where status_class in ('4xx', '5xx')), 0)
     from hours, lateral (values ('model', model), ('provider', provider), ('team', team_id::text), ('key', key_id::text),
       ('member', member_id::text)) as g (kind, group_id) group by 1, 2, 3, 4`,
    `create temporary table latency as select org_id, ${hour} as slot, kind, bucket, sum(count) as count
     from usage_latency ${own} group by 1, 2, 3, 4`,
    `delete from usage_latency ${own}`,
    "insert into usage_latency select org_id, slot, 'model-1', 'openai', kind, bucket, count from latency",
    ...["usage_minute", "usage_hour", "usage_day"].map(
      (table) => `update ${table} set refused = null, counted_extra_nano = null ${own}`,
    ),
    ...["usage_attribution_hour", "usage_attribution_day", "usage_value", "usage_value_month"].map(
      (table) => `delete from ${table} ${own}`,
    ),
    "delete from usage_kept where name = 'usage_attribution'",
    "drop table hours",
    "drop table latency",
  ];
};

test("roll-ups of the version before become the new ones under traffic, and reports do not change", async () => {
  const owner = await setup.organisation();
  await updateOrganisation(owner, { timeZone: "Asia/Kolkata" });
  const nowMs = setup.clock.now();
  await ledger.ingest(randomUsage(owner.orgId, 300, nowMs - 6 * DAY_MS, nowMs, 3));
  await query(setup.database.ownerUrl, ...asBefore(owner.orgId));
  expect(Object.keys(await brokenInvariants(setup.database.ownerUrl))).not.toEqual([]);

  const input = { from: new Date(nowMs - 5 * DAY_MS).toISOString(), to: new Date(nowMs + DAY_MS).toISOString() };
  const reports = async () =>
    Promise.all(GROUPS.map(async (groupBy) => (await getSpend(owner, { ...input, groupBy, interval: "day" })).series));
  const before = await reports();
  // Minutes are not given up as long as a day is left.
  expect(await forgetRollUps(pool, nowMs)).toBe(0);
  let days = 0;
  for (let done = 1; done > 0; days += done) {
    done = await reshapeRollUps(pool, 0);
    expect(await reports()).toEqual(before);
  }
  expect(days).toBeGreaterThan(6);
  expect(await brokenInvariants(setup.database.ownerUrl)).toEqual({});

  // Usage that arrives meanwhile is added once.
  await query(setup.database.ownerUrl, ...asBefore(owner.orgId));
  await query(setup.database.ownerUrl, `insert into usage_reshape values ('${owner.orgId}', now()::date)`);
  const more = randomUsage(owner.orgId, 200, nowMs - 6 * DAY_MS, nowMs, 4);
  const batches = [0, 50, 100, 150].map((at) => more.slice(at, at + 50));
  await Promise.all([
    reshapeRollUps(pool, 60_000),
    reshapeRollUps(pool, 60_000),
    ...batches.map((each) => ledger.ingest(each)),
  ]);
  while ((await reshapeRollUps(pool, 60_000)) > 0);
  expect(await brokenInvariants(setup.database.ownerUrl)).toEqual({});
});
