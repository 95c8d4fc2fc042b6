import type { LimitWindow } from "@tollgate/contracts/limit";
import type { Pool } from "@tollgate/db/pool";

const LIMITS_AT_ONCE = 500;
const ROWS_AT_ONCE = 5_000;

/**
 * Days from the start of a window until its counters are deleted: its longest length, and the time for which late usage and
 * corrections may still change them. Usage arrives up to 35 days late, but a short window has too many counters to wait for it: usage
 * that is later counts in the ledger only, and its new counter is deleted in turn. A window `total` never ends.
 */
const KEPT_DAYS: Record<Exclude<LimitWindow, "total">, number> = {
  minute: 1,
  hour: 7,
  day: 2 + 40,
  week: 8 + 40,
  month: 32 + 40,
  quarter: 93 + 40,
};

const LIMITS = `
  select l.org_id as "orgId", l.id, l."window" from usage_limit as l
  where l."window" <> 'total' and l.unit <> 'concurrent' and ($1::uuid is null or l.id > $1)
  order by l.id limit ${LIMITS_AT_ONCE}`;

/** Locked rows are left to the next run, so that ingest waits for none. */
const FORGET = `
  delete from limit_counter where ctid = any(array(
    select c.ctid from unnest($1::uuid[], $2::uuid[], $3::integer[]) as l (org_id, id, days)
    join limit_counter as c on c.org_id = l.org_id and c.limit_id = l.id
      and c.window_start < $4::timestamptz - make_interval(days => l.days)
    limit ${ROWS_AT_ONCE} for update of c skip locked))`;

interface Windowed {
  orgId: string;
  id: string;
  window: keyof typeof KEPT_DAYS;
}

/** Deletes the counters of windows that ended long ago, in small transactions. Returns how many. */
export async function forgetWindows(pool: Pool, nowMs: number): Promise<number> {
  let all = 0;
  for (let after: string | null = null; ; ) {
    const { rows: limits }: { rows: Windowed[] } = await pool.query<Windowed>(LIMITS, [after]);
    const days = limits.map(({ window }) => KEPT_DAYS[window]);
    const asked = [limits.map(({ orgId }) => orgId), limits.map(({ id }) => id), days, new Date(nowMs)];
    for (let rows = ROWS_AT_ONCE; limits.length > 0 && rows === ROWS_AT_ONCE; all += rows)
      rows = (await pool.query(FORGET, asked)).rowCount ?? 0;
    after = limits.at(-1)?.id ?? null;
    if (limits.length < LIMITS_AT_ONCE) return all;
  }
}
