import { perUnits, type Units } from "@tollgate/catalog/units";
import type { Pool, PoolClient } from "@tollgate/db/pool";
import { inTransaction } from "../in-transaction.ts";
import { lockOrg } from "../org-lock.ts";
import type { Difference } from "./difference.ts";
import { bookedLines } from "./lines-sql.ts";
import { addToRollUps, columnsOf, type RollUp, rollUpsOf } from "./roll-up-sql.ts";
import { type Range, SLOT_MS, utcDayStart } from "./slots.ts";

/** One UTC day of one organisation. */
export interface Day {
  orgId: string;
  fromMs: number;
}

const linesOf = (units: Units): string => `lines as (${bookedLines(units)})`;
const OF_THE_DAY = "org_id = $1 and slot >= $2 and slot < $3";

const bounds = ({ orgId, fromMs }: Day) => [orgId, new Date(fromMs), new Date(fromMs + SLOT_MS.day)];

function differing(rollUp: RollUp): string {
  const { table, select } = rollUp;
  const kept = `select ${columnsOf(rollUp)} from ${table} where ${OF_THE_DAY}`;
  const rebuilt = select("lines");
  return `
    select '${table}' as "table", count(*)::integer as rows from (
      ((${kept}) except all (${rebuilt})) union all ((${rebuilt}) except all (${kept}))
    ) as differing`;
}

const compareSql = perUnits((units) => {
  const parts = rollUpsOf(units).map(differing);
  return `with ${linesOf(units)} ${parts.join(" union all ")}`;
});

const rewriteSql = perUnits((units) => `with ${linesOf(units)}, ${addToRollUps("lines", units)} select`);

/**
 * Returns the roll-ups of a day that differ from the sums of its events and adjustments. It is one statement, so it sees
 * one snapshot, and ingest can go on at the same time.
 */
export async function compareDay(pool: Pool, day: Day, units?: Units): Promise<Difference[]> {
  const { rows } = await pool.query<{ table: string; rows: number }>(compareSql(units), bounds(day));
  const at = new Date(day.fromMs).toISOString();
  return rows.filter(({ rows }) => rows > 0).map((row) => ({ ...row, day: at }));
}

/** Deletes a day's roll-ups and computes them again from the lines booked on that day. The caller holds `lockOrg`. */
export async function rewriteDay(client: PoolClient, day: Day, units?: Units): Promise<void> {
  for (const { table } of rollUpsOf(units)) await client.query(`delete from ${table} where ${OF_THE_DAY}`, bounds(day));
  await client.query(rewriteSql(units), bounds(day));
}

export const rebuildDay = (pool: Pool, day: Day, units?: Units): Promise<void> =>
  inTransaction(pool, async (client) => {
    await lockOrg(client, day.orgId);
    await rewriteDay(client, day, units);
  });

/**
 * Compares every UTC day that the range touches and rebuilds the days that differ, or all days with `always`. Returns the
 * differences.
 */
export async function reconcileDays(
  pool: Pool,
  orgId: string,
  range: Range,
  { always = false } = {},
): Promise<Difference[]> {
  const differences: Difference[] = [];
  for (let fromMs = utcDayStart(range.fromMs); fromMs < range.toMs; fromMs += SLOT_MS.day) {
    const day = { orgId, fromMs };
    const differing = await compareDay(pool, day);
    if (always || differing.length > 0) await rebuildDay(pool, day);
    differences.push(...differing);
  }
  return differences;
}
