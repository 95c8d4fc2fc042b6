import type { Pool } from "@tollgate/db/pool";
import { sql } from "@tollgate/db/query";
import { inTransaction } from "../in-transaction.ts";
import { lockOrg } from "../org-lock.ts";
import type { Difference } from "../rollups/difference.ts";
import { readKeptOn } from "../rollups/kept.ts";
import { reconcileDays } from "../rollups/reconcile-days.ts";
import { SLOT_MS } from "../rollups/slots.ts";
import { rangeFigures } from "../rollups/sums.ts";
import { runSql } from "../run-sql.ts";
import { type Calendar, closedUntil, readCalendar } from "./closed-months.ts";
import { type Month, monthAt, monthsSince } from "./months.ts";

/** For this long after a month's end, late events still count in it; then it closes automatically. */
const OPEN_AFTER_ITS_END_MS = 35 * SLOT_MS.day;

async function startOfOpen(pool: Pool, orgId: string, calendar: Calendar): Promise<number | null> {
  const closed = closedUntil(calendar);
  if (closed !== null) return closed;
  const { rows } = await pool.query<{ slot: Date | null }>(
    "select min(slot) as slot from usage_day where org_id = $1",
    [orgId],
  );
  const first = rows[0]?.slot;
  return first ? monthAt(first.getTime(), calendar.timeZone).fromMs : null;
}

/** Open months that end by `untilMs`, since the first request. */
async function openMonths(pool: Pool, orgId: string, untilMs: number): Promise<Month[]> {
  const calendar = await readCalendar(pool, orgId);
  const startMs = await startOfOpen(pool, orgId, calendar);
  if (startMs === null) return [];
  return monthsSince(startMs, untilMs, calendar.timeZone).filter(({ toMs }) => toMs <= untilMs);
}

const closeMonth = (pool: Pool, orgId: string, { month, fromMs, toMs }: Month, closedBy: string | null) =>
  inTransaction(pool, async (client) => {
    await lockOrg(client, orgId);
    const [since, until] = [new Date(fromMs), new Date(toMs)];
    await runSql(
      client,
      sql`insert into closed_month
            (org_id, month, since, until, closed_at, closed_by, requests, unpriced, input_tokens, output_tokens, cost_nano)
          select ${orgId}::uuid, ${month}, ${since}::timestamptz, ${until}::timestamptz, clock_timestamp(), ${closedBy}, f.*
          from (${rangeFigures(orgId, { fromMs, toMs }, await readKeptOn(client))}) as f
          on conflict do nothing`,
    );
  });

/**
 * Closes every open month that ends by `untilMs`, oldest first. Each is first compared with its events and corrected.
 * Returns the differences. Idempotent.
 */
export async function closeMonths(
  pool: Pool,
  orgId: string,
  untilMs: number,
  closedBy: string | null,
): Promise<Difference[]> {
  const differences: Difference[] = [];
  for (const month of await openMonths(pool, orgId, untilMs)) {
    differences.push(...(await reconcileDays(pool, orgId, month)));
    await closeMonth(pool, orgId, month, closedBy);
  }
  return differences;
}

/** Closes the months that are past the automatic closing time. */
export const closeDueMonths = (pool: Pool, orgId: string, nowMs: number): Promise<Difference[]> =>
  closeMonths(pool, orgId, nowMs - OPEN_AFTER_ITS_END_MS, null);

/** Closed months in this range whose roll-ups have changed since. Only the operator can correct that. */
export async function compareClosed(pool: Pool, orgId: string, since: Date, until: Date): Promise<Difference[]> {
  const { closed } = await readCalendar(pool, orgId);
  const kept = await readKeptOn(pool);
  const differences: Difference[] = [];
  for (const month of closed) {
    if (month.toMs <= since.getTime() || month.fromMs >= until.getTime()) continue;
    const differing = await runSql(
      pool,
      sql`select requests, unpriced, input_tokens, output_tokens, cost_nano from closed_month
          where org_id = ${orgId}::uuid and month = ${month.month}
          except ${rangeFigures(orgId, month, kept)}`,
    );
    const day = new Date(month.fromMs).toISOString();
    if (differing.length > 0) differences.push({ table: "closed_month", day, rows: differing.length });
  }
  return differences;
}
