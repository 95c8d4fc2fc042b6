import { UNITS, type Units } from "@tollgate/catalog/units";
import type { Pool, PoolClient } from "@tollgate/db/pool";
import { inTransaction } from "../in-transaction.ts";
import { lockOrg } from "../org-lock.ts";
import { attributed, registerLines } from "./attribution-sql.ts";
import type { Difference } from "./difference.ts";
import { eventsSinceMs } from "./events-since.ts";
import { type Kept, readKeptOn } from "./kept.ts";
import { bookedLines } from "./lines-sql.ts";
import type { RollUp } from "./roll-up.ts";
import { addLines, columnsOf, GROUP_KINDS, rollUpsOf } from "./roll-up-sql.ts";
import { type Range, SLOT_MS, utcDayStart } from "./slots.ts";
import { markStale } from "./sum-totals.ts";

/** One UTC day of one organisation. */
export interface Day {
  orgId: string;
  fromMs: number;
}

const linesOf = (units: Units): string => `with lines as (${bookedLines(units)})`;
const OF_THE_DAY = "org_id = $1 and slot >= $2 and slot < $3";

const bounds = ({ orgId, fromMs }: Day) => [orgId, new Date(fromMs), new Date(fromMs + SLOT_MS.day)];

/** The roll-ups that still have the day. */
export const rollUpsOn = ({ fromMs }: Day, { minuteMs, hourMs }: Kept, units: Units): readonly RollUp[] => {
  const since = { minute: minuteMs, hour: hourMs, day: Number.NEGATIVE_INFINITY };
  return rollUpsOf(units).filter(({ bucket }) => fromMs >= since[bucket]);
};

export const unequal = (table: string, kept: string, rebuilt: string): string => `
    select '${table}' as "table", count(*)::integer as rows from (
      ((${kept}) except all (${rebuilt})) union all ((${rebuilt}) except all (${kept}))
    ) as differing`;

export const differing = (rollUp: RollUp): string => {
  const kept = `select ${columnsOf(rollUp)} from ${rollUp.table} where ${OF_THE_DAY}`;
  return unequal(rollUp.table, kept, rollUp.select("lines"));
};

/**
 * The same for sums that every version has: workers of the version before write whole hours, more kinds of groups, latency by
 * model, nothing rare, and no roll-ups of attribution.
 */
function differingSums({ table, keys, sums, select }: RollUp, isBefore: boolean): string {
  if (isBefore && table.startsWith("usage_attribution")) return unequal(table, `select 1`, `select 1`);
  const bare = keys.filter((key) => table !== "usage_latency" || (key !== "model" && key !== "provider"));
  const names = bare.map((key) => (key === "slot" ? "date_trunc('hour', slot)" : key)).join(", ");
  const all = `${names}, ${sums.map((sum) => `sum(${sum})`).join(", ")}`;
  const group = bare.map((_, index) => index + 1).join(", ");
  const kinds = table === "usage_group" ? `and kind in (${GROUP_KINDS.map((kind) => `'${kind}'`).join(", ")})` : "";
  return unequal(
    table,
    `select ${all} from ${table} where ${OF_THE_DAY} ${kinds} group by ${group}`,
    `select ${all} from (${select("lines")}) as rebuilt (${[...keys, ...sums].join(", ")}) group by ${group}`,
  );
}

async function compare(on: Pool | PoolClient, day: Day, units: Units, sql: (rollUp: RollUp) => string) {
  const parts = rollUpsOn(day, await readKeptOn(on), units).map(sql);
  const { rows } = await on.query<{ table: string; rows: number }>(
    `${linesOf(units)}, ${attributed(units)} ${parts.join(" union all ")}`,
    bounds(day),
  );
  const at = new Date(day.fromMs).toISOString();
  return rows.filter(({ rows }) => rows > 0).map((row) => ({ ...row, day: at }));
}

/**
 * Returns the roll-ups of a day that differ from the sums of its events and adjustments. It is one statement, so it sees
 * one snapshot, and ingest can go on at the same time.
 */
export const compareDay = (on: Pool | PoolClient, day: Day, units: Units = UNITS): Promise<Difference[]> =>
  compare(on, day, units, differing);

/** The same, except that roll-ups written by the version before do not differ. */
export async function compareSums(on: Pool | PoolClient, day: Day): Promise<Difference[]> {
  const { rows } = await on.query<{ since: Date }>("select since from usage_kept where name = 'usage_attribution'");
  // Workers of the version before may have run until the end of the day of the upgrade.
  const isBefore = !rows[0] || day.fromMs <= rows[0].since.getTime();
  return compare(on, day, UNITS, (rollUp) => differingSums(rollUp, isBefore));
}

interface Rewriting {
  units?: Units | undefined;
  /** Only these tables. Default: all. */
  tables?: readonly string[] | undefined;
}

/** Deletes a day's roll-ups and computes them again from the lines booked on that day. The caller holds `lockOrg`. */
export async function rewriteDay(
  client: PoolClient,
  day: Day,
  { units = UNITS, tables }: Rewriting = {},
): Promise<void> {
  const all = rollUpsOn(day, await readKeptOn(client), units);
  const rollUps = tables ? all.filter(({ table }) => tables.includes(table)) : all;
  await client.query(`${linesOf(units)} ${registerLines("lines")}`, bounds(day));
  for (const { table } of rollUps) await client.query(`delete from ${table} where ${OF_THE_DAY}`, bounds(day));
  await client.query(`${linesOf(units)}, ${addLines(units, rollUps)} select`, bounds(day));
  await markStale(client, day.orgId, day.fromMs);
}

export const rebuildDay = (pool: Pool, day: Day, rewriting?: Rewriting): Promise<void> =>
  inTransaction(pool, async (client) => {
    await lockOrg(client, day.orgId);
    await rewriteDay(client, day, rewriting);
  });

/**
 * Whether the roll-ups of a day can be computed: all events of its lines are still in the ledger. A line that was booked later
 * than its event may have lost it.
 */
async function isComplete(pool: Pool, day: Day, sinceMs: number): Promise<boolean> {
  if (sinceMs === Number.NEGATIVE_INFINITY) return true;
  const { rows } = await pool.query(
    `select from usage_adjustment where org_id = $1 and booked_at >= $2 and booked_at < $3 and event_id < uuid_floor($4) limit 1`,
    [...bounds(day), new Date(sinceMs)],
  );
  return rows.length === 0;
}

/**
 * Compares every UTC day that the range touches and rebuilds the days that differ, or all days with `always`. Days whose events are
 * deleted keep their roll-ups. Returns the differences.
 */
export async function reconcileDays(
  pool: Pool,
  orgId: string,
  range: Range,
  { always = false } = {},
): Promise<Difference[]> {
  const differences: Difference[] = [];
  const sinceMs = await eventsSinceMs(pool, orgId);
  const firstMs = Math.max(utcDayStart(range.fromMs), sinceMs);
  for (let fromMs = firstMs; fromMs < range.toMs; fromMs += SLOT_MS.day) {
    const day = { orgId, fromMs };
    // Workers from before there were totals do not record what they write.
    await markStale(pool, orgId, fromMs);
    if (!(await isComplete(pool, day, sinceMs))) continue;
    const wrong = await compareDay(pool, day);
    if (wrong.length > 0) differences.push(...(await compareSums(pool, day)));
    // Ingest waits meanwhile. It adds to each table what is in the events, so the other tables stay right.
    const tables = always ? undefined : wrong.map(({ table }) => table);
    if (always || wrong.length > 0) await rebuildDay(pool, day, { tables });
  }
  return differences;
}
