import { NIL_UUID } from "@tollgate/contracts/ids";
import { getSpend } from "@tollgate/control/reports/spend";
import { sumTotals } from "@tollgate/control/rollups/sum-totals";
import { openPool } from "@tollgate/db/pool";
import { query } from "@tollgate/testkit/cluster";
import { beforeAll, expect, test } from "vitest";
import { openTestSetup, type TestSetup } from "../test-setup.ts";

const DAY_MS = 86_400_000;
/** More than are read from one total. */
const KEYS = 1_300;
const DAYS = 12;

let setup: TestSetup;
beforeAll(async () => {
  setup = await openTestSetup();
});

/** Usage of many keys on some days; the last one is not summed. */
async function usageOf(keys: number, costNano: string) {
  const owner = await setup.organisation();
  const endMs = Math.floor(setup.clock.now() / DAY_MS) * DAY_MS;
  const firstMs = endMs - DAYS * DAY_MS;
  const { ownerUrl, ingestUrl } = setup.database;
  await query(
    ownerUrl,
    "select setseed(0.5)",
    `insert into usage_day (org_id, slot, team_id, member_id, key_id, model, provider, status_class, requests, cost_nano)
     select '${owner.orgId}', slot, '${NIL_UUID}', '${NIL_UUID}', ('00000000-0000-7000-8000-' || lpad(key::text, 12, '0'))::uuid,
       'model', 'provider', '2xx', 1 + key % 3, ${costNano}
     from generate_series('${new Date(firstMs).toISOString()}'::timestamptz, '${new Date(endMs).toISOString()}', interval '1 day') as slot,
       generate_series(1, ${keys}) as key where key % 7 <> extract(day from slot)::integer % 7`,
    // What ingest writes too: groups by hour, and that days have changed.
    `insert into usage_group (org_id, kind, slot, group_id, requests, cost_nano)
     select org_id, 'provider', slot, provider, sum(requests), sum(cost_nano) from usage_day where org_id = '${owner.orgId}' group by 1, 2, 3, 4`,
    `insert into usage_total_stale select distinct org_id, slot from usage_day where org_id = '${owner.orgId}'`,
  );
  const pool = openPool({ connectionString: ingestUrl });
  await sumTotals(pool, endMs + DAY_MS / 2, 60_000).finally(() => pool.end());
  const input = { from: new Date(endMs - 30 * DAY_MS).toISOString(), to: new Date(endMs + DAY_MS).toISOString() };
  const spend = await getSpend(owner, { ...input, groupBy: "key", interval: "day" });
  const truth = await query<{ id: string; cost: string; requests: number }>(
    ownerUrl,
    `select key_id as id, sum(cost_nano)::text as cost, sum(requests)::integer as requests from usage_day
     where org_id = '${owner.orgId}' group by 1 order by sum(cost_nano) desc, 3 desc, 1`,
  );
  return { spend, truth };
}

const nano = (usd: string): bigint => {
  const [whole = "0", part = ""] = usd.replace("-", "").split(".");
  const amount = BigInt(whole) * 1_000_000_000n + BigInt(part.padEnd(9, "0").slice(0, 9));
  return usd.startsWith("-") ? -amount : amount;
};

test.each([
  ["few keys have most of the cost", "(1e12 / key)::bigint + floor(random() * 1000)::integer", true],
  ["a correction made a cost negative", "case when key = 3 then -5 else (1e12 / key)::bigint end", true],
  ["many keys cost the same", "1000000", true],
  ["no key has any cost, so all must be read", "0", false],
])("spend by key shows the keys with the highest cost where %s", async (_, costNano, atLeast) => {
  const { spend, truth } = await usageOf(KEYS, costNano);
  expect(spend.rows.map(({ groupId }) => groupId)).toEqual(truth.slice(0, 100).map(({ id }) => id));
  expect(spend.rows.map(({ costUsd }) => nano(costUsd))).toEqual(truth.slice(0, 100).map(({ cost }) => BigInt(cost)));
  const others = truth.slice(100);
  if (!atLeast) expect(spend.other?.groups).toBe(others.length);
  expect(spend.other?.groups).toBeGreaterThan(800);
  expect(spend.other?.groups).toBeLessThanOrEqual(others.length);
  expect(spend.other).toMatchObject({
    requests: others.reduce((sum, { requests }) => sum + requests, 0),
    atLeast,
  });
  expect(nano(spend.other?.costUsd ?? "")).toBe(others.reduce((sum, { cost }) => sum + BigInt(cost), 0n));
  const bySlot = spend.series.reduce((sum, { costUsd }) => sum + nano(costUsd), 0n);
  expect(bySlot).toBe(nano(spend.total.costUsd));
});

test("keys are counted where each total is read whole, also those that are not candidates", async () => {
  const { spend, truth } = await usageOf(700, "(1e12 / key)::bigint");
  expect(truth).toHaveLength(700);
  expect(spend.other).toMatchObject({ groups: 600, atLeast: false });
});
