import type { Pool } from "@tollgate/db/pool";

/** Moves the bound of all organisations to the longest retention, whole days; it never moves back. */
const ADVANCE_ALL = `
  insert into usage_kept (name, since)
  select 'usage_event', date_trunc('day', $1::timestamptz, 'UTC') - make_interval(days => max(least(coalesce(r.requests_days, $2), $2)))
  from organisation as o left join retention as r on r.org_id = o.id
  having count(*) > 0
  on conflict (name) do update set since = greatest(usage_kept.since, excluded.since)`;

/** Moves the bounds of organisations with a retention of their own. */
const ADVANCE_EACH = `
  update retention as r set requests_since = due.since
  from (
    select org_id, date_trunc('day', $1::timestamptz, 'UTC') - make_interval(days => least(requests_days, $2)) as since
    from retention where requests_days is not null
  ) as due
  where r.org_id = due.org_id and (r.requests_since is null or r.requests_since < due.since)`;

/**
 * Moves the instants since when requests are kept. From then on nothing is computed from earlier ones and none is accepted.
 * They are deleted in the next run, so that no query that began before misses any.
 */
export async function advance(pool: Pool, nowMs: number, daysMax: number): Promise<void> {
  const values = [new Date(nowMs), daysMax];
  await pool.query(ADVANCE_ALL, values);
  await pool.query(ADVANCE_EACH, values);
}
