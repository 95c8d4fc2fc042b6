import type { Pool } from "@tollgate/db/pool";
import { findAnomalies } from "../alerts/find-anomalies.ts";
import { hoursDiffer } from "../rollups/compare-hours.ts";
import type { Difference } from "../rollups/difference.ts";
import { eventsSinceMs } from "../rollups/events-since.ts";
import { reconcileDays } from "../rollups/reconcile-days.ts";
import { SLOT_MS, utcDayStart } from "../rollups/slots.ts";
import { nextTurn } from "../rollups/touched.ts";
import { closeDueMonths, compareClosed } from "./close-months.ts";
import { differingLimits } from "./differing-limits.ts";
import { forgetCounters } from "./forget-counters.ts";
import { ingestHasPassed } from "./ingest-has-passed.ts";
import { reconcileLimits } from "./reconcile-limits.ts";
import { reconcileRuns } from "./reconcile-runs.ts";
import { daysOf, forgetTouched, type Touched } from "./touched-hours.ts";

/** Limits of an organisation that take long are compared less often, so that they use at most this part of the time. */
const LIMITS_SHARE = 1 / 200;

const CHECKED = `
  insert into ledger_check (org_id, checked_at, due_at, limits_due_at)
  select id, $2, ${nextTurn("1 day", "id", "$5::timestamptz")}, coalesce($3::timestamptz, '-infinity') from organisation where id = $1
  on conflict (org_id) do update set checked_at = excluded.checked_at,
    due_at = case when $4 then excluded.due_at else ledger_check.due_at end,
    limits_due_at = coalesce($3::timestamptz, ledger_check.limits_due_at)`;

async function limitsAreDue(pool: Pool, orgId: string): Promise<boolean> {
  const { rowCount } = await pool.query("select from ledger_check where org_id = $1 and limits_due_at > now()", [
    orgId,
  ]);
  return rowCount === 0;
}

/** Compares the limits with roll-ups, and corrects those that also differ from the events. */
async function checkLimits(pool: Pool, orgId: string, nowMs: number, thorough: boolean) {
  const startMs = performance.now();
  const suspects = await differingLimits(pool, orgId, nowMs, thorough);
  const differences = suspects.length > 0 ? await reconcileLimits(pool, orgId, nowMs, suspects) : [];
  return { differences, dueAt: new Date(Date.now() + (performance.now() - startMs) / LIMITS_SHARE) };
}

/**
 * Checks what was written to an organisation's ledger since its last check: the roll-ups of the touched hours, and the counters of
 * its limits. Corrects differences and returns them. If it is killed, another process checks the days that are left.
 */
export async function checkTouched(pool: Pool, touched: Touched, nowMs: number): Promise<Difference[]> {
  const { orgId } = touched;
  // A transaction that found its hour recorded before it was taken may not have ended.
  await ingestHasPassed(pool, orgId);
  const checkedAt = new Date();
  const sinceMs = await eventsSinceMs(pool, orgId);
  const differences: Difference[] = [];
  const days = daysOf(touched);
  for (const [index, day] of days.entries()) {
    if (day.fromMs >= sinceMs && (await hoursDiffer(pool, orgId, day)))
      differences.push(...(await reconcileDays(pool, orgId, day)));
    if (index < days.length - 1) await forgetTouched(pool, orgId, day.hoursMs);
  }
  const limits = (await limitsAreDue(pool, orgId)) ? await checkLimits(pool, orgId, nowMs, false) : null;
  await findAnomalies(pool, nowMs, orgId);
  // The first daily check of an organisation that is new here.
  const tomorrow = new Date(checkedAt.getTime() + SLOT_MS.day);
  await pool.query(CHECKED, [orgId, checkedAt, limits?.dueAt ?? null, false, tomorrow]);
  await forgetTouched(pool, orgId, touched.hoursMs);
  return [...differences, ...(limits?.differences ?? [])];
}

/**
 * Checks all of yesterday and today, UTC, and every limit, whatever was recorded as touched: it finds what was changed by others
 * than ingest, for example in SQL, also in the runs of these days. Closes months that are due, and deletes the counters of deleted limits. The next one is due
 * at the organisation's turn after `dueMs`.
 */
export async function checkWhole(pool: Pool, orgId: string, nowMs: number, dueMs: number): Promise<Difference[]> {
  const checkedAt = new Date();
  const range = { fromMs: utcDayStart(nowMs) - SLOT_MS.day, toMs: nowMs };
  const differences = [
    ...(await closeDueMonths(pool, orgId, nowMs)),
    ...(await reconcileDays(pool, orgId, range)),
    ...(await compareClosed(pool, orgId, new Date(range.fromMs), new Date(range.toMs))),
    ...(await reconcileRuns(pool, orgId, range)),
  ];
  await forgetCounters(pool, orgId);
  const limits = await checkLimits(pool, orgId, nowMs, true);
  await pool.query(CHECKED, [orgId, checkedAt, limits.dueAt, true, new Date(dueMs)]);
  return [...differences, ...limits.differences];
}
