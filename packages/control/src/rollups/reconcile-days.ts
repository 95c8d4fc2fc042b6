import type { Pool, PoolClient } from "@tollgate/db/pool";
import { inTransaction } from "../in-transaction.ts";
import type { Difference } from "../ledger/schemas.ts";
import { orgLockKey } from "../org-lock.ts";
import { BOOKED_LINES } from "./lines-sql.ts";
import { addToRollUp, ROLL_UPS, type RollUp } from "./roll-up-sql.ts";
import { type Range, SLOT_MS, utcDayStart } from "./slots.ts";

/** One organisation's day, UTC. */
export interface Day {
  orgId: string;
  fromMs: number;
}

const LINES = `lines as (${BOOKED_LINES})`;
const OF_THE_DAY = "org_id = $1 and slot >= $2 and slot < $3";

const bounds = ({ orgId, fromMs }: Day) => [orgId, new Date(fromMs), new Date(fromMs + SLOT_MS.day)];

function differing({ table, keys, sums, select }: RollUp): string {
  const kept = `select ${[...keys, ...sums].join(", ")} from ${table} where ${OF_THE_DAY}`;
  const rebuilt = select("lines");
  return `
    select '${table}' as "table", count(*)::integer as rows from (
      ((${kept}) except all (${rebuilt})) union all ((${rebuilt}) except all (${kept}))
    ) as differing`;
}

const COMPARE = `with ${LINES} ${ROLL_UPS.map(differing).join(" union all ")}`;

/** Which roll-ups of a day are not what its events and adjustments say. One statement, so one instant: ingest may go on meanwhile. */
export async function compareDay(pool: Pool, day: Day): Promise<Difference[]> {
  const { rows } = await pool.query<{ table: string; rows: number }>(COMPARE, bounds(day));
  const at = new Date(day.fromMs).toISOString();
  return rows.filter(({ rows }) => rows > 0).map((row) => ({ ...row, day: at }));
}

/** Until the transaction ends, nothing is taken in for this organisation. */
export const lockBooks = (client: PoolClient, orgId: string) =>
  client.query("select pg_advisory_xact_lock($1)", [orgLockKey(orgId).toString()]);

/** Drops a day's roll-ups and makes them again from what is booked on it. The books must be locked. */
export async function rewriteDay(client: PoolClient, day: Day): Promise<void> {
  for (const { table } of ROLL_UPS) await client.query(`delete from ${table} where ${OF_THE_DAY}`, bounds(day));
  const made = ROLL_UPS.map((rollUp) => `made_${rollUp.table} as (${addToRollUp(rollUp, "lines")})`);
  await client.query(`with ${LINES}, ${made.join(", ")} select`, bounds(day));
}

export const rebuildDay = (pool: Pool, day: Day): Promise<void> =>
  inTransaction(pool, async (client) => {
    await lockBooks(client, day.orgId);
    await rewriteDay(client, day);
  });

/**
 * Goes through the whole UTC days that a range touches: those that differ are made again, or all of them when `always`.
 * Answers what differed.
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
