import type { Uuid } from "@tollgate/contracts/ids";
import type { Limit } from "@tollgate/contracts/limit";
import type { Zones } from "@tollgate/contracts/zones";
import type { Pool, PoolClient } from "@tollgate/db/pool";
import { windowOf } from "@tollgate/limits/window";
import { inTransaction } from "../in-transaction.ts";
import { STANDING_INCREASES, type StoredCap, storedCapAt } from "../limits/stored-cap.ts";
import { watchedOf } from "./crossed.ts";
import { type Crossing, raiseThresholds } from "./raise-thresholds.ts";
import { readChanged } from "./read-changed.ts";

interface WatchedLimit extends Zones, Pick<Limit, "scope" | "unit" | "window" | "mode" | "thresholds">, StoredCap {
  orgId: Uuid;
  limitId: Uuid;
  anchorMs: string | null;
}

const WATCHED = `
  select l.org_id as "orgId", l.id as "limitId", l.scope, l.unit, l."window", l.mode, l.thresholds,
    (extract(epoch from l.anchor) * 1000)::bigint as "anchorMs", o.time_zone as "timeZone", o.former_zones as "formerZones",
    l.amount, ${STANDING_INCREASES} as increases
  from usage_limit as l join organisation as o on o.id = l.org_id
  where l.unit <> 'concurrent' and (l.thresholds <> '{}' or l.mode = 'warn') and ($1::uuid[] is null or l.org_id = any($1))`;

/** Counters that have reached a threshold in the given window, and that have no alert yet. */
const OVER = `
  select w.place, c.subject, w.threshold, c.settled
  from json_to_recordset($1) as w (
    place integer, org_id uuid, limit_id uuid, threshold integer, window_start timestamptz, mark numeric
  )
  join limit_counter as c
    on c.org_id = w.org_id and c.limit_id = w.limit_id and c.window_start = w.window_start and c.settled * 100 >= w.mark
  where not exists (
    select from alert as a
    where a.org_id = w.org_id and a.kind = 'threshold' and a.limit_id = w.limit_id and a.subject = c.subject
      and a.threshold = w.threshold and a.window_start = w.window_start
  )
  order by w.place, c.subject, w.threshold`;

/**
 * Finds crossings that ingest did not see: a limit set, lowered or given a threshold after the money was spent, and
 * counters that were corrected or re-rated. Looks at open windows only, of organisations whose limits or counters changed
 * since the last look. Returns the number of new alerts.
 */
export const findCrossings = (pool: Pool, nowMs: number): Promise<number> =>
  inTransaction(pool, async (client) => {
    const changed = await readChanged(client, nowMs);
    return changed?.length === 0 ? 0 : look(client, nowMs, changed);
  });

async function look(client: PoolClient, nowMs: number, orgIds: readonly string[] | null): Promise<number> {
  const { rows: limits } = await client.query<WatchedLimit>(WATCHED, [orgIds]);
  const caps = limits.map((limit) => storedCapAt(limit, nowMs));
  const windows = limits.map((limit) =>
    windowOf(nowMs, limit.window, limit, limit.anchorMs === null ? null : Number(limit.anchorMs)),
  );
  const marks = limits.flatMap((limit, place) =>
    watchedOf(limit).map((threshold) => ({
      place,
      org_id: limit.orgId,
      limit_id: limit.limitId,
      threshold,
      window_start: new Date(windows[place]?.startMs ?? 0),
      mark: String((caps[place] ?? 0n) * BigInt(threshold)),
    })),
  );
  if (marks.length === 0) return 0;
  const { rows } = await client.query<{ place: number; subject: string; threshold: number; settled: string }>(OVER, [
    JSON.stringify(marks),
  ]);
  const crossings = rows.flatMap(({ place, subject, threshold, settled }): Crossing[] => {
    const [limit, cap, bounds] = [limits[place], caps[place], windows[place]];
    if (!limit || cap === undefined || !bounds) return [];
    const { orgId, limitId, scope, unit, window, mode } = limit;
    const counter = { orgId, limitId, scope, unit, window, mode, subject, threshold };
    return [{ ...counter, cap, settled: BigInt(settled), ...bounds, refusedAtMs: null }];
  });
  return raiseThresholds(client, crossings);
}
