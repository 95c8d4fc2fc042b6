import type { Pool } from "@tollgate/db/pool";
import type { Tx } from "@tollgate/db/with-tenant";

const ADVANCE = `
  insert into usage_kept (name, since)
  select 'usage_event', date_trunc('day', $1::timestamptz, 'UTC') - make_interval(days => max(least(coalesce(r.requests_days, $2), $2)))
  from organisation as o left join retention as r on r.org_id = o.id
  having count(*) > 0
  on conflict (name) do update set since = greatest(usage_kept.since, excluded.since)`;

/** Moves the bound of the requests of all organisations to the longest retention, whole days; it never moves back. */
export async function advanceRequests(pool: Pool, nowMs: number, daysMax: number): Promise<void> {
  await pool.query(ADVANCE, [new Date(nowMs), daysMax]);
}

/** Since when requests of all organisations are kept; null: no request was deleted. */
export async function requestsKeptSince(tx: Tx): Promise<Date | null> {
  const kept = await tx.usageKept.findUnique({ where: { name: "usage_event" } });
  return kept?.since ?? null;
}
