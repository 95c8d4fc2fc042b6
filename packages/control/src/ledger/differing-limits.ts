import type { Zones } from "@tollgate/contracts/zones";
import type { Pool } from "@tollgate/db/pool";
import { type Sql, sql } from "@tollgate/db/query";
import { type Clock, openWindow } from "../limits/present.ts";
import { type Kept, readKeptOn } from "../rollups/kept.ts";
import { runSql } from "../run-sql.ts";
import type { Counted } from "./fill-counters.ts";
import { rollUpCounters } from "./roll-up-counters.ts";

/** Limits that are still being filled have no counters to compare. */
const LIMITS = `
  select l.id, l.org_id as "orgId", l.scope, l.subject, l.unit, l."window", l.anchor,
    o.time_zone as "timeZone", o.former_zones as "formerZones"
  from usage_limit as l join organisation as o on o.id = l.org_id
  where l.org_id = $1 and l.unit <> 'concurrent' and l.filling is null order by l.id`;

/** Roll-ups of an earlier version lack what only limits count. */
const STATE = `
  select exists (select from usage_reshape where org_id = $1) as reshapes,
    exists (select from usage_adjustment where org_id = $1 and closed_month is not null) as "anyClosed"`;

/** Limits whose counters are sums over the same window by the same dimension: one query compares them. */
interface Group {
  limits: readonly [Counted, ...Counted[]];
  clock: Clock;
}

function groupsOf(limits: readonly (Counted & Zones)[], atMs: number): Group[] {
  const groups = new Map<string, Group>();
  for (const { timeZone, formerZones, ...limit } of limits) {
    const clock = { atMs, timeZone, formerZones };
    const { startMs, endMs } = openWindow(limit, clock);
    const key = [limit.scope, limit.unit, startMs, endMs].join();
    groups.set(key, { limits: [limit, ...(groups.get(key)?.limits ?? [])], clock });
  }
  return [...groups.values()];
}

/** SQL of the ids of limits whose counters differ from the roll-ups; null if these cannot tell. */
async function differingSql(pool: Pool, { limits, clock }: Group, kept: Kept, anyClosed: boolean): Promise<Sql | null> {
  const [first] = limits;
  const row = limits.length === 1 ? first : { ...first, subject: null };
  const read = (query: Sql) => runSql<{ covers: boolean }>(pool, query);
  const said = await rollUpCounters(read, row, clock, kept, anyClosed);
  if (!said) return null;
  const start = new Date(openWindow(first, clock).startMs);
  const ids = limits.map(({ id }) => id);
  return sql`
    with said as (${said})
    select distinct id from (
      select c.limit_id as id, c.subject, c.settled, c.unpriced from limit_counter as c
      where c.org_id = ${first.orgId}::uuid and c.limit_id = any(${ids}::uuid[]) and c.window_start = ${start}::timestamptz
    ) as kept full join (
      select l.id, said.subject, said.settled, said.unpriced
      from said join unnest(${ids}::uuid[], ${limits.map(({ subject }) => subject)}::text[]) as l (id, subject)
        on ${first.scope === "organisation" ? sql`true` : sql`l.subject is null or l.subject = said.subject`}
    ) as summed using (id, subject)
    where coalesce(kept.settled, 0) <> coalesce(summed.settled, 0)
      or coalesce(kept.unpriced, 0) <> coalesce(summed.unpriced, 0)`;
}

/**
 * Ids of limits whose counters in the open window differ from the sums of roll-ups: a suspicion, which `reconcileLimits` compares
 * with the events. With `thorough`, also the limits that roll-ups cannot tell.
 */
export async function differingLimits(pool: Pool, orgId: string, atMs: number, thorough: boolean): Promise<string[]> {
  const { rows: limits } = await pool.query<Counted & Zones>(LIMITS, [orgId]);
  if (limits.length === 0) return [];
  const kept = await readKeptOn(pool);
  const [state] = (await pool.query<{ reshapes: boolean; anyClosed: boolean }>(STATE, [orgId])).rows;
  const differing: string[] = [];
  for (const group of groupsOf(limits, atMs)) {
    const query = state?.reshapes === false ? await differingSql(pool, group, kept, state.anyClosed) : null;
    if (query) differing.push(...(await runSql<{ id: string }>(pool, query)).map(({ id }) => id));
    else if (thorough) differing.push(...group.limits.map(({ id }) => id));
  }
  return differing;
}
