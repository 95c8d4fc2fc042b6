import type { Pool } from "@tollgate/db/pool";

const DAYS_AHEAD = 3;

/** Creates the ledger's partitions for today and the next days, UTC. Returns how many were missing. */
export async function makePartitions(pool: Pool, nowMs: number): Promise<number> {
  const { rows } = await pool.query<{ made: number }>(
    `select count(*) filter (where ensure_usage_partition(day::date))::integer as made
     from generate_series($1::timestamptz, $1::timestamptz + make_interval(days => $2), interval '1 day') as day`,
    [new Date(nowMs), DAYS_AHEAD],
  );
  return rows[0]?.made ?? 0;
}
