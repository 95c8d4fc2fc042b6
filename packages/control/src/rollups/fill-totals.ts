import type { Pool, PoolClient } from "@tollgate/db/pool";
import { inTransaction } from "../in-transaction.ts";
import { lockOrg } from "../org-lock.ts";

/**
 * Rows of the daily roll-up per transaction; a single day may have more. Ingest of the organisation waits meanwhile.
 */
const ROWS_AT_ONCE = 20_000;

/**
 * Each organisation begins at the day since which triggers keep the totals. If that is the epoch, no day is missing.
 */
const LIST = `
  insert into usage_total_fill (org_id, day)
  select o.id, k.since from organisation as o, usage_kept as k
  where k.name = 'usage_total' and k.since > to_timestamp(0)
    and not exists (select from usage_total_fill as f where f.org_id = o.id)
  on conflict do nothing`;

const NEXT = `
  select org_id as "orgId", day from usage_total_fill where day > to_timestamp(0)
  order by day desc, org_id limit 1 for update skip locked`;

/** The first day of the next step, always at least one day that has rows. Null: the step is the last one. */
const SINCE = `
  select least(d.slot + interval '1 day', (select max(slot) from usage_day where org_id = $1 and slot < $2)) as since
  from usage_day as d where d.org_id = $1 and d.slot < $2 order by d.slot desc offset $3 limit 1`;

/** Sums the next days. False: nothing is left to do. */
async function fillNext(client: PoolClient, rowsAtOnce: number): Promise<boolean> {
  const { rows } = await client.query<{ orgId: string; day: Date }>(NEXT);
  const [next] = rows;
  if (!next) return false;
  const { orgId, day } = next;
  await lockOrg(client, orgId);
  const [step] = (await client.query<{ since: Date }>(SINCE, [orgId, day, rowsAtOnce])).rows;
  const since = step?.since ?? new Date(0);
  await client.query("select fill_usage_totals($1, $2, $3)", [orgId, since, day]);
  await client.query("update usage_total_fill set day = $2 where org_id = $1", [orgId, since]);
  return true;
}

/**
 * Sums the daily roll-ups from before there were totals, latest first, for about `forMs`, at least one step. Each step is one
 * transaction, so it can stop at any time. Reports use the totals of the days that are done. Returns the number of steps.
 */
export async function fillTotals(pool: Pool, forMs: number, rowsAtOnce = ROWS_AT_ONCE): Promise<number> {
  await pool.query(LIST);
  const untilMs = performance.now() + forMs;
  let steps = 0;
  while (await inTransaction(pool, (client) => fillNext(client, rowsAtOnce))) {
    steps += 1;
    if (performance.now() >= untilMs) break;
  }
  return steps;
}
