import type { Pool } from "@tollgate/db/pool";
import { inTransaction } from "../in-transaction.ts";
import { lockOrg } from "../org-lock.ts";
import type { Difference } from "../rollups/difference.ts";
import { eventsSinceMs } from "../rollups/events-since.ts";
import { type Range, SLOT_MS, utcDayStart } from "../rollups/slots.ts";
import { RUN_COLUMNS, runsOf } from "./ingest-runs.ts";

const RUNS_AT_ONCE = 1_000;

const OF_RANGE = "org_id = $1 and id >= uuid_floor($2) and id < uuid_floor($3)";

/** A run with calls outside the range is left out: its other events are not read. */
const DIFFERING = `
  with said (${RUN_COLUMNS}) as (${runsOf("usage_rated", OF_RANGE)}),
  kept as (select ${RUN_COLUMNS} from usage_run where org_id = $1 and last_at >= $2 and first_at < $3)
  select session from said full join kept using (org_id, session)
  where (kept.first_at is null or (kept.first_at >= $2 and kept.last_at < $3))
    and to_jsonb(said) is distinct from to_jsonb(kept)
  order by session`;

const DELETE = "delete from usage_run where org_id = $1 and session = any($2)";

const REWRITE = `insert into usage_run (${RUN_COLUMNS}) ${runsOf("usage_rated", `${OF_RANGE} and session = any($4)`)}`;

/**
 * Compares the runs whose calls are all in the UTC days of the range with their events, and computes those that differ again. Days whose
 * events are deleted are left out.
 */
export async function reconcileRuns(pool: Pool, orgId: string, { fromMs, toMs }: Range): Promise<Difference[]> {
  const sinceMs = await eventsSinceMs(pool, orgId);
  const firstMs = Math.max(utcDayStart(fromMs), sinceMs);
  const range = [orgId, new Date(firstMs), new Date(utcDayStart(toMs - 1) + SLOT_MS.day)];
  if (firstMs >= toMs) return [];
  const { rows } = await pool.query<{ session: string }>(DIFFERING, range);
  const sessions = rows.map(({ session }) => session);
  for (let at = 0; at < sessions.length; at += RUNS_AT_ONCE) {
    const some = sessions.slice(at, at + RUNS_AT_ONCE);
    await inTransaction(pool, async (client) => {
      await lockOrg(client, orgId);
      await client.query(DELETE, [orgId, some]);
      await client.query(REWRITE, [...range, some]);
    });
  }
  return sessions.length === 0 ? [] : [{ table: "usage_run", day: null, rows: sessions.length }];
}
