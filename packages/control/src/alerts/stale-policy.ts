import type { Pool } from "@tollgate/db/pool";
import type { JobPayload } from "@tollgate/jobs/catalog";
import { raise } from "./raise.ts";

const HOUR_MS = 3_600_000;

/** Alerts organisations whose changes do not reach a proxy, once for each hour in which that began. Returns the number of new alerts. */
export async function raiseStalePolicy(pool: Pool, stale: JobPayload<"policy.stale">["stale"]): Promise<number> {
  // A deleted organisation gets no alert.
  const { rows } = await pool.query<{ id: string }>("select id from organisation where id = any ($1)", [
    stale.map(({ orgId }) => orgId),
  ]);
  const known = new Set(rows.map(({ id }) => id));
  const alerts = stale
    .filter(({ orgId }) => known.has(orgId))
    .map(({ orgId, sinceMs }) => ({
      orgId,
      windowStart: new Date(Math.floor(sinceMs / HOUR_MS) * HOUR_MS),
      facts: { kind: "stale_policy" as const, since: new Date(sinceMs).toISOString() },
    }));
  return raise(pool, alerts);
}
