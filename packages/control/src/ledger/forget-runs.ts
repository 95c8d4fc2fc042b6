import type { Pool } from "@tollgate/db/pool";

const RUNS_AT_ONCE = 1_000;
/** A run is over when it has had no call for so long. A later call with its id begins a new one. */
export const RUN_KEPT_DAYS = 30;

/** A run that gets a call meanwhile stays: its row is read again when its lock is free. */
const FORGET = `
  with over as (
    select org_id, session from usage_run where last_at < $1::timestamptz - make_interval(days => ${RUN_KEPT_DAYS})
    order by org_id, session limit ${RUNS_AT_ONCE} for update skip locked
  )
  delete from usage_run as r using over where r.org_id = over.org_id and r.session = over.session`;

/** Deletes runs that are over, in small transactions. Returns how many. */
export async function forgetRuns(pool: Pool, nowMs: number): Promise<number> {
  let all = 0;
  for (let rows = RUNS_AT_ONCE; rows === RUNS_AT_ONCE; all += rows)
    rows = (await pool.query(FORGET, [new Date(nowMs)])).rowCount ?? 0;
  return all;
}
