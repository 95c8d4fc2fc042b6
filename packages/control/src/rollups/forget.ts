import type { Pool } from "@tollgate/db/pool";
import { isReshaping } from "./reshape.ts";
import { ROLL_UP_RETENTION } from "./retention.ts";
import { SLOT_MS, utcDayStart } from "./slots.ts";

const ROWS_AT_ONCE = 5_000;

/** Deletes the rows of one table before `$1`, organisation by organisation, in small transactions. Returns how many. */
async function deleteBefore(pool: Pool, table: string, since: Date): Promise<number> {
  const { rows } = await pool.query<{ id: string }>(
    `select o.id from organisation as o where exists (select from ${table} where org_id = o.id and slot < $1)`,
    [since],
  );
  let all = 0;
  for (const { id } of rows) {
    for (let deleted = ROWS_AT_ONCE; deleted === ROWS_AT_ONCE; all += deleted) {
      const done = await pool.query(
        `delete from ${table} where ctid = any(array(
           select ctid from ${table} where org_id = $1 and slot < $2 limit ${ROWS_AT_ONCE}))`,
        [id, since],
      );
      deleted = done.rowCount ?? 0;
    }
  }
  return all;
}

/** Deletes the registered values of months that no roll-up by hour has. Months without values are few. */
async function forgetValues(pool: Pool): Promise<number> {
  const past = `(select date_trunc('month', since, 'UTC')::date from usage_kept where name = 'usage_attribution_hour')`;
  let all = 0;
  for (let deleted = ROWS_AT_ONCE; deleted === ROWS_AT_ONCE; all += deleted) {
    const done = await pool.query(
      `delete from usage_value where ctid = any(array(select ctid from usage_value where month < ${past} limit ${ROWS_AT_ONCE}))`,
    );
    deleted = done.rowCount ?? 0;
  }
  await pool.query(`delete from usage_value_month where month < ${past}`);
  return all;
}

/**
 * Deletes roll-ups that are past their retention. First the figures are given up (`usage_kept`), and their rows are deleted in
 * the next run, so that no report that is being read misses any. Returns the number of deleted rows.
 */
export async function forgetRollUps(pool: Pool, nowMs: number): Promise<number> {
  if (await isReshaping(pool)) return 0;
  let deleted = 0;
  for (const { kind, days } of ROLL_UP_RETENTION) {
    if (days === null) continue;
    const { rows } = await pool.query<{ since: Date }>("select since from usage_kept where name = $1", [kind]);
    if (rows[0]) deleted += await deleteBefore(pool, kind, rows[0].since);
    await pool.query(
      `insert into usage_kept (name, since) values ($1, $2)
       on conflict (name) do update set since = greatest(usage_kept.since, excluded.since)`,
      [kind, new Date(utcDayStart(nowMs) - days * SLOT_MS.day)],
    );
  }
  return deleted + (await forgetValues(pool));
}
