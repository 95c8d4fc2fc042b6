import { RUN_KEPT_DAYS } from "@tollgate/contracts/limit";
import type { Pool } from "@tollgate/db/pool";

const RUNS_AT_ONCE = 1_000;

/**
 * Deletes runs together with their limit counters, so that a later call with the same session begins with none. Ingest adds to
 * a run before it adds to its counters, so it waits here. A run that gets a call meanwhile stays.
 */
const FORGET = `
  with over as (
    select org_id, session from usage_run where last_at < $1::timestamptz - make_interval(days => ${RUN_KEPT_DAYS})
    order by org_id, session limit ${RUNS_AT_ONCE} for update skip locked
  ), gone as (
    delete from usage_run as r using over where r.org_id = over.org_id and r.session = over.session
    returning r.org_id, r.session
  ), counters as (
    delete from limit_counter as c using gone as g, usage_limit as l
    where l.org_id = g.org_id and l.scope = 'run' and c.org_id = g.org_id and c.limit_id = l.id and c.subject = g.session
  )
  select count(*)::integer as runs from gone`;

/** Deletes runs that are over, in small transactions. Returns how many. */
export async function forgetRuns(pool: Pool, nowMs: number): Promise<number> {
  let all = 0;
  for (let runs = RUNS_AT_ONCE; runs === RUNS_AT_ONCE; all += runs) {
    const { rows } = await pool.query<{ runs: number }>(FORGET, [new Date(nowMs)]);
    runs = rows[0]?.runs ?? 0;
  }
  return all;
}
