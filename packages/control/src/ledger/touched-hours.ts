import type { Pool } from "@tollgate/db/pool";
import { inTransaction } from "../in-transaction.ts";
import type { Range } from "../rollups/slots.ts";
import { SLOT_MS, utcDayStart } from "../rollups/slots.ts";

/** After this time, another process begins a check that did not end. */
const LEASE_MS = 600_000;

export interface Touched {
  orgId: string;
  /** Starts of the touched UTC hours, epoch milliseconds, ascending. */
  hoursMs: number[];
}

const NEXT = `
  select org_id as "orgId" from usage_touched where due_at <= $1 order by due_at limit 1 for update skip locked`;

const TAKE = `
  with fresh as (delete from usage_touched where org_id = $1 and not taken returning hour)
  insert into usage_touched (org_id, hour, taken, due_at) select $1, hour, true, $2 from fresh
  on conflict do nothing`;

const LEASE = "update usage_touched set due_at = $2 where org_id = $1 and taken returning hour";

/**
 * Takes one organisation that is due. Hours that are written from now on are recorded again. Null: no organisation is due.
 */
export const takeTouched = (pool: Pool, dueMs: number): Promise<Touched | null> =>
  inTransaction(pool, async (client) => {
    const { rows } = await client.query<{ orgId: string }>(NEXT, [new Date(dueMs)]);
    const [next] = rows;
    if (!next) return null;
    const values = [next.orgId, new Date(dueMs + LEASE_MS)];
    await client.query(TAKE, values);
    const { rows: taken } = await client.query<{ hour: Date }>(LEASE, values);
    return { orgId: next.orgId, hoursMs: taken.map(({ hour }) => hour.getTime()).sort((a, b) => a - b) };
  });

/** Forgets hours that were checked. */
export async function forgetTouched(pool: Pool, orgId: string, hoursMs: readonly number[]): Promise<void> {
  await pool.query("delete from usage_touched where org_id = $1 and taken and hour = any($2)", [
    orgId,
    hoursMs.map((ms) => new Date(ms)),
  ]);
}

export interface TouchedDay extends Range {
  hoursMs: number[];
}

/** The touched hours by UTC day, with the range of each day that contains them. */
export const daysOf = ({ hoursMs }: Touched): TouchedDay[] =>
  [...Map.groupBy(hoursMs, utcDayStart).values()].map((hours) => ({
    hoursMs: hours,
    fromMs: hours[0] ?? 0,
    toMs: (hours.at(-1) ?? 0) + SLOT_MS.hour,
  }));
