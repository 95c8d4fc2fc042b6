import type { Pool } from "@tollgate/db/pool";
import { forgetRuns } from "../ledger/forget-runs.ts";
import { forgetWindows } from "../ledger/forget-windows.ts";
import { advance } from "./advance.ts";
import { forgetOthers } from "./forget-others.ts";
import { dropPartitions, forgetRequests, type Wait } from "./forget-requests.ts";

export interface Forgotten {
  /** Partitions of the ledger that were dropped. */
  dropped: string[];
  /** A partition was in use; the next run tries again. */
  gaveUp: boolean;
  /** Deleted rows by table. */
  deleted: Record<string, number>;
}

/** Applies the retention of all organisations. `daysMax` is the installation's. Idempotent. */
export async function applyRetention(pool: Pool, nowMs: number, daysMax: number, wait?: Wait): Promise<Forgotten> {
  const partitions = await dropPartitions(pool, wait);
  const requests = await forgetRequests(pool);
  const runs = await forgetRuns(pool, nowMs);
  const counters = await forgetWindows(pool, nowMs);
  const others = await forgetOthers(pool, nowMs, daysMax);
  await advance(pool, nowMs, daysMax);
  return {
    ...partitions,
    deleted: {
      ...(requests > 0 && { usage_event: requests }),
      ...(runs > 0 && { usage_run: runs }),
      ...(counters > 0 && { limit_counter: counters }),
      ...others,
    },
  };
}

/** Usage events that could not be stored in the ledger: how many, and since when the oldest is there. */
export async function readQuarantine(pool: Pool): Promise<{ events: number; oldestMs: number | null }> {
  const { rows } = await pool.query<{ events: number; oldest: Date | null }>(
    "select count(*)::integer as events, min(at) as oldest from usage_quarantine",
  );
  return { events: rows[0]?.events ?? 0, oldestMs: rows[0]?.oldest?.getTime() ?? null };
}
