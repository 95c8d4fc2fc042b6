import type { Pool } from "@tollgate/db/pool";
import type { Difference } from "../rollups/difference.ts";
import { reconcileDays } from "../rollups/reconcile-days.ts";
import { alertDifferences } from "./alert-differences.ts";
import { closeDueMonths, closeMonths, compareClosed } from "./close-months.ts";
import { reconcileLimits } from "./reconcile-limits.ts";
import { reconcileRuns } from "./reconcile-runs.ts";
import { type Rerated, type Rerating, rerateEvents } from "./rerate-events.ts";
import type { Maintenance } from "./schemas.ts";

interface Asked extends Rerating {
  kind: Maintenance["kind"];
}

interface Outcome extends Rerated {
  /** Differences that were found and corrected. */
  differences: Difference[];
}

export interface Completed extends Outcome, Pick<Asked, "orgId" | "kind" | "since" | "until"> {}

const WAITING = `
  select id, org_id as "orgId", kind, since, until, model, provider, note, asked_by as "askedBy"
  from ledger_maintenance where done_at is null order by asked_at limit 1000`;

const DONE = `
  update ledger_maintenance set done_at = now(), differences = $2, adjusted = $3, adjusted_nano = $4 where id = $1`;

const NOTHING_ADJUSTED: Rerated = { adjusted: 0, adjustedNano: 0n };

/** What each kind of request does. All are idempotent. */
const RUN: Record<Asked["kind"], (pool: Pool, asked: Asked, nowMs: number) => Promise<Outcome>> = {
  reconcile: async (pool, asked, nowMs) => {
    const due = await closeDueMonths(pool, asked.orgId, nowMs);
    return { ...NOTHING_ADJUSTED, differences: [...due, ...(await reconcile(pool, asked, nowMs, false))] };
  },
  rebuild: async (pool, asked, nowMs) => ({
    ...NOTHING_ADJUSTED,
    differences: await reconcile(pool, asked, nowMs, true),
  }),
  rerate: async (pool, asked, nowMs) => ({ ...(await rerateEvents(pool, asked, nowMs)), differences: [] }),
  close: async (pool, { orgId, until, askedBy }) => ({
    ...NOTHING_ADJUSTED,
    differences: await closeMonths(pool, orgId, until.getTime(), askedBy),
  }),
};

async function reconcile(pool: Pool, { orgId, since, until }: Asked, nowMs: number, always: boolean) {
  const range = { fromMs: since.getTime(), toMs: until.getTime() };
  return [
    ...(await reconcileDays(pool, orgId, range, { always })),
    ...(await compareClosed(pool, orgId, since, until)),
    ...(await reconcileRuns(pool, orgId, range)),
    ...(await reconcileLimits(pool, orgId, nowMs)),
  ];
}

/**
 * Runs the waiting maintenance requests of all organisations. Idempotent. It blocks ingest only while a day's roll-ups
 * are rebuilt. A failed request does not stop the others; all failures are thrown together at the end.
 */
export async function runMaintenance(pool: Pool, nowMs: number): Promise<Completed[]> {
  const { rows } = await pool.query<Asked>(WAITING);
  const completed: Completed[] = [];
  const failures: unknown[] = [];
  for (const asked of rows) {
    const { id, orgId, kind, since, until } = asked;
    try {
      const outcome = await RUN[kind](pool, asked, nowMs);
      const { differences, adjusted, adjustedNano } = outcome;
      if (kind === "reconcile") await alertDifferences(pool, asked, differences);
      await pool.query(DONE, [id, JSON.stringify(differences), adjusted, adjustedNano.toString()]);
      completed.push({ orgId, kind, since, until, ...outcome });
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0)
    throw new AggregateError(failures, `${failures.length} requests for ledger maintenance failed`);
  return completed;
}
