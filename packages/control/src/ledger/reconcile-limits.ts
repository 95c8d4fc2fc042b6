import type { Zones } from "@tollgate/contracts/zones";
import type { Pool } from "@tollgate/db/pool";
import { type Sql, sql } from "@tollgate/db/query";
import { inTransaction } from "../in-transaction.ts";
import { type Clock, openWindow } from "../limits/present.ts";
import { lockOrg } from "../org-lock.ts";
import type { Difference } from "../rollups/difference.ts";
import { eventsSinceMs } from "../rollups/events-since.ts";
import { runSql } from "../run-sql.ts";
import { type Counted, countersSql, fillSql } from "./fill-counters.ts";
import { increaseCountersRevision } from "./ingest-counters.ts";

const LIMITS = `
  select l.id, l.org_id as "orgId", l.scope, l.subject, l.unit, l."window", l.anchor,
    o.time_zone as "timeZone", o.former_zones as "formerZones"
  from usage_limit as l join organisation as o on o.id = l.org_id
  where l.org_id = $1 and ($2::uuid[] is null or l.id = any($2)) order by l.id`;

const ofWindow = ({ id, orgId, ...row }: Counted, clock: Clock): Sql => {
  const start = new Date(openWindow(row, clock).startMs);
  return sql`org_id = ${orgId}::uuid and limit_id = ${id}::uuid and window_start = ${start}::timestamptz`;
};

async function countDiffering(pool: Pool, kept: Sql, said: Sql): Promise<number> {
  const [found] = await runSql<{ rows: number }>(
    pool,
    sql`select count(*)::integer as rows from (select subject, settled, unpriced from limit_counter where ${kept}) as kept
        full join (${said}) as said using (subject)
        where coalesce(kept.settled, 0) <> coalesce(said.settled, 0)
          or coalesce(kept.unpriced, 0) <> coalesce(said.unpriced, 0)`,
  );
  return found?.rows ?? 0;
}

/** Start of the first UTC day with usage, whose events may be deleted; its roll-up is kept for ever. */
async function firstUsageMs(pool: Pool, orgId: string): Promise<number> {
  const { rows } = await pool.query<{ first: Date | null }>(
    "select min(slot) as first from usage_day where org_id = $1",
    [orgId],
  );
  return rows[0]?.first?.getTime() ?? Number.POSITIVE_INFINITY;
}

/**
 * Compares the counters of the open windows of limits with the rated events, and corrects those that differ. `ids`: only these
 * limits; null is all. A window is left out if some of its events may be deleted.
 */
export async function reconcileLimits(
  pool: Pool,
  orgId: string,
  atMs: number,
  ids: readonly string[] | null = null,
): Promise<Difference[]> {
  const { rows: limits } = await pool.query<Counted & Zones>(LIMITS, [orgId, ids]);
  const sinceMs = await eventsSinceMs(pool, orgId);
  const firstMs = await firstUsageMs(pool, orgId);
  let differing = 0;
  for (const limit of limits) {
    const clock = { atMs, timeZone: limit.timeZone, formerZones: limit.formerZones };
    // Only the counter knows what the deleted events added.
    if (Math.max(openWindow(limit, clock).startMs, firstMs) < sinceMs) continue;
    const [kept, said] = [ofWindow(limit, clock), countersSql(limit, clock)];
    const found = said === null ? 0 : await countDiffering(pool, kept, said);
    differing += found;
    if (said === null || found === 0) continue;
    await inTransaction(pool, async (client) => {
      await lockOrg(client, orgId);
      await runSql(client, sql`update limit_counter set settled = 0, unpriced = 0 where ${kept}`);
      await runSql(client, fillSql(said));
      await increaseCountersRevision(client, orgId);
    });
  }
  return differing === 0 ? [] : [{ table: "limit_counter", day: null, rows: differing }];
}
