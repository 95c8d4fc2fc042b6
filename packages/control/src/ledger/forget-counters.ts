import type { Pool } from "@tollgate/db/pool";

const ROWS_AT_ONCE = 5_000;

const FORGET = `
  delete from limit_counter where ctid = any(array(
    select c.ctid from limit_counter as c
    where c.org_id = $1 and not exists (select from usage_limit as l where l.org_id = c.org_id and l.id = c.limit_id)
    limit ${ROWS_AT_ONCE}))`;

/** Deletes the counters of limits that an organisation has deleted, in small transactions. Returns how many. */
export async function forgetCounters(pool: Pool, orgId: string): Promise<number> {
  for (let all = 0; ; ) {
    const { rowCount } = await pool.query(FORGET, [orgId]);
    all += rowCount ?? 0;
    if ((rowCount ?? 0) < ROWS_AT_ONCE) return all;
  }
}
