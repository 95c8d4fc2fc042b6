import type { Pool } from "@tollgate/db/pool";
import { advanceRequests } from "../rollups/requests-kept.ts";

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
  await advanceRequests(pool, nowMs, daysMax);
  await pool.query(ADVANCE_EACH, [new Date(nowMs), daysMax]);
}
