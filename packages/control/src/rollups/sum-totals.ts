import type { Pool, PoolClient } from "@tollgate/db/pool";
import { inTransaction } from "../in-transaction.ts";
import { orgLockKey } from "../org-lock.ts";
import { SLOT_MS, utcDayStart } from "./slots.ts";

/**
 * Days of organisations, and about how many rows of the daily roll-up, that one transaction sums. Code that rewrites their
 * roll-ups waits meanwhile; ingest does not. A day counts as at most a thousand rows.
 */
const DAYS_AT_ONCE = 200;
const ROWS_AT_ONCE = 10_000;

/** Usage of a day that arrives within this time after it is summed with the others, and not once more. */
const DELAY_MS = 10 * SLOT_MS.minute;

/** One process sums at a time. The lock ends with the transaction. */
const IS_ALONE = "select pg_try_advisory_xact_lock(hashtextextended('usage_total', 0)) as alone";

const OPEN = "select since from usage_kept where name = 'usage_total_open' and since < $1 for update";

/** Days that have ended since the last run, of every organisation that has usage on them. The first time, all days. */
const ENDED = `
  insert into usage_total_stale (org_id, day)
  select o.id, d.slot from organisation as o cross join lateral (
    select distinct slot from usage_day where org_id = o.id and slot >= $1 and slot < $2
  ) as d
  on conflict do nothing`;

/** In one transaction: a day is over when all of its organisations are recorded. */
async function closeDays(client: PoolClient, untilMs: number): Promise<void> {
  const until = new Date(untilMs);
  const [open] = (await client.query<{ since: Date }>(OPEN, [until])).rows;
  if (!open) return;
  await client.query(ENDED, [open.since, until]);
  await client.query("update usage_kept set since = $1 where name = 'usage_total_open'", [until]);
}

const NEXT = `
  with next as (
    select org_id, day from usage_total_stale where day < (select since from usage_kept where name = 'usage_total_open')
    order by day desc, org_id limit $1
  )
  select org_id as "orgId", day from (
    select org_id, day, sum(size) over (order by day desc, org_id) - size as earlier
    from next cross join lateral (
      select count(*) as size from (select from usage_day as u where u.org_id = next.org_id and u.slot = next.day limit 1000) as rows
    ) as sized
  ) as summed where earlier < ${ROWS_AT_ONCE}`;

const TAKE =
  "delete from usage_total_stale where (org_id, day) in (select * from unnest($1::uuid[], $2::timestamptz[]))";

const SUMS = ["requests", "errors", "cache_hits", "unpriced", "input_tokens", "output_tokens", "cost_nano"];
const each = (of: (sum: string) => string): string => SUMS.map(of).join(", ");

/**
 * Sums days again and writes the rows that differ: of each dimension, and of the latency histograms by bucket. A month is the sum of its days, so it changes by the difference. A month keeps
 * `has_use`, which only says that there may be other units.
 */
const SUM = `
  with days as (
    select * from unnest($1::uuid[], $2::timestamptz[]) as d (org_id, slot)
  ), fresh as materialized (
    select u.org_id, k.kind, u.slot, k.group_id, sum(u.requests) as requests,
      coalesce(sum(u.requests) filter (where u.status_class in ('4xx', '5xx')), 0) as errors, sum(u.cache_hits) as cache_hits,
      sum(u.unpriced) as unpriced, sum(u.input_tokens) as input_tokens, sum(u.output_tokens) as output_tokens,
      sum(u.cost_nano) as cost_nano, bool_or(u.use is not null) as has_use
    from days join usage_day as u using (org_id, slot)
    cross join lateral (values ('key', u.key_id::text), ('member', u.member_id::text), ('model', u.model),
      ('provider', u.provider), ('team', u.team_id::text)) as k (kind, group_id)
    group by 1, 2, 3, 4
    union all
    select days.org_id, 'latency_' || l.kind, days.slot, l.bucket::text, sum(l.count), 0, 0, 0, 0, 0, 0, false
    from days join usage_latency as l
      on l.org_id = days.org_id and l.slot >= days.slot and l.slot < days.slot + interval '1 day'
    group by 1, 2, 3, 4
  ), former as materialized (
    select t.* from days
    cross join unnest(array['key', 'member', 'model', 'provider', 'team', 'latency_total', 'latency_first_token']) as k (kind)
    join usage_total as t on t.org_id = days.org_id and t.kind = k.kind and t.span = 'day' and t.slot = days.slot
  ), changed as materialized (
    select org_id, kind, slot, group_id, f.org_id is null as gone, coalesce(f.has_use, false) as has_use,
      ${each((sum) => `f.${sum} as ${sum}, coalesce(f.${sum}, 0) - coalesce(t.${sum}, 0) as more_${sum}`)}
    from fresh as f full join former as t using (org_id, kind, slot, group_id)
    where f.org_id is null or t.org_id is null or f.has_use <> t.has_use or ${SUMS.map((sum) => `f.${sum} <> t.${sum}`).join(" or ")}
  ), gone as (
    delete from usage_total as t using changed as c
    where c.gone and t.org_id = c.org_id and t.kind = c.kind and t.span = 'day' and t.slot = c.slot and t.group_id = c.group_id
  ), of_days as (
    insert into usage_total (org_id, kind, span, slot, group_id, has_use, ${SUMS.join(", ")})
    select org_id, kind, 'day', slot, group_id, has_use, ${SUMS.join(", ")} from changed where not gone order by 1, 2, 4, 5
    on conflict (org_id, kind, span, slot, group_id) do update set has_use = excluded.has_use, ${each((sum) => `${sum} = excluded.${sum}`)}
  )
  insert into usage_total as t (org_id, kind, span, slot, group_id, has_use, ${SUMS.join(", ")})
  select org_id, kind, 'month', date_trunc('month', slot, 'UTC'), group_id, bool_or(has_use), ${each((sum) => `sum(more_${sum})`)}
  from changed group by 1, 2, 4, 5 order by 1, 2, 4, 5
  on conflict (org_id, kind, span, slot, group_id) do update set has_use = t.has_use or excluded.has_use,
    ${each((sum) => `${sum} = t.${sum} + excluded.${sum}`)}`;

/**
 * Sums the next days; 0: none is left. The organisations' locks are shared, so a rewrite of their roll-ups is either seen or
 * begins afterwards and records the day again. Usage that is being ingested is recorded in `usage_touched` until a check has seen it end.
 */
async function sumNext(client: PoolClient, daysAtOnce: number): Promise<number> {
  const [lock] = (await client.query<{ alone: boolean }>(IS_ALONE)).rows;
  if (!lock?.alone) return 0;
  const { rows } = await client.query<{ orgId: string; day: Date }>(NEXT, [daysAtOnce]);
  if (rows.length === 0) return 0;
  const locks = [...new Set(rows.map(({ orgId }) => orgLockKey(orgId)))].sort((a, b) => (a < b ? -1 : 1));
  await client.query("select pg_advisory_xact_lock_shared(key) from unnest($1::bigint[]) as key", [locks.map(String)]);
  const days = [rows.map(({ orgId }) => orgId), rows.map(({ day }) => day)];
  // Another statement than the sums, so that these see what was recorded before.
  await client.query(TAKE, days);
  await client.query(SUM, days);
  return rows.length;
}

/**
 * Sums the daily roll-up by one dimension, by day and by month: days that are over, and days that were written since. Latest first,
 * for about `forMs`, at least one step. Each step is one transaction, so it can stop at any time; until a day is summed, reports read
 * its other roll-ups. Returns the number of days.
 */
export async function sumTotals(pool: Pool, nowMs: number, forMs: number, daysAtOnce = DAYS_AT_ONCE): Promise<number> {
  const untilMs = performance.now() + forMs;
  await inTransaction(pool, (client) => closeDays(client, utcDayStart(nowMs - DELAY_MS)));
  let days = 0;
  for (let done = 1; done > 0; days += done) {
    done = await inTransaction(pool, (client) => sumNext(client, daysAtOnce));
    if (performance.now() >= untilMs) return days + done;
  }
  return days;
}

/** Records that the totals of a day are to be summed again, in the transaction that changes its roll-ups. */
export const markStale = (on: Pool | PoolClient, orgId: string, dayMs: number): Promise<unknown> =>
  on.query("insert into usage_total_stale (org_id, day) values ($1, $2) on conflict do nothing", [
    orgId,
    new Date(dayMs),
  ]);
