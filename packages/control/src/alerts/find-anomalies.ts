import type { Uuid } from "@tollgate/contracts/ids";
import { NANO_PER_USD, usdString } from "@tollgate/contracts/money";
import type { Pool } from "@tollgate/db/pool";
import { raise } from "./raise.ts";

/** Number of past weeks to compare, and the smallest number with data. */
const WEEKS_MAX = 4;
const WEEKS_MIN = 2;
/** Spend is unusual above this multiple of the highest week, if it also exceeds it by more than a dollar. */
const TIMES = 3n;
const ABOVE_NANO = NANO_PER_USD;

const HOUR_MS = 3_600_000;

interface Hour {
  orgId: Uuid;
  hour: Date;
  spent: string;
  /** The highest spend in the same hour of past weeks. Weeks before the organisation's first request do not count. */
  usual: string;
  weeks: number;
}

/**
 * Every kind of group has each event once; that of providers has the fewest rows. The same hour of a past week has the same
 * local time, also across a change of daylight saving.
 */
const SPENT = (orgId: string, hour: string): string => `
  select sum(cost_nano) as spent from usage_group
  where org_id = ${orgId} and kind = 'provider' and slot >= ${hour} and slot < ${hour} + interval '1 hour'`;

/** Only the hours of organisations that were written since their last check, which also looks for them. */
const HOURS = `
  with touched as (
    select distinct org_id, hour from usage_touched
    where hour = any($1::timestamptz[]) and ($5::uuid is null or org_id = $5)
  ), spent as (
    select o.id as org_id, o.time_zone, t.hour, u.spent
    from touched as t join organisation as o on o.id = t.org_id
    cross join lateral (${SPENT("t.org_id", "t.hour")}) as u
    where u.spent > $2
  ), past as (
    select s.org_id, s.hour, s.spent, p.hour as past
    from spent as s cross join generate_series(1, $3) as w (week)
    cross join lateral (
      select date_trunc('hour', ((s.hour at time zone s.time_zone) - make_interval(weeks => w.week)) at time zone s.time_zone)
    ) as p (hour)
    where exists (select from usage_hour as u where u.org_id = s.org_id and u.slot <= p.hour)
  )
  select p.org_id as "orgId", p.hour, p.spent, max(coalesce(u.spent, 0)) as usual, count(*)::integer as weeks
  from past as p
  cross join lateral (${SPENT("p.org_id", "p.past")}) as u
  group by p.org_id, p.hour, p.spent
  having count(*) >= $4`;

const isUnusual = (spent: bigint, usual: bigint): boolean => spent > TIMES * usual && spent - usual > ABOVE_NANO;

/**
 * Compares the spend of this hour so far, and of the previous hour, with the same hour of the past weeks. A current hour
 * can only increase, so no alert is raised too early. `orgId`: only this organisation. Returns the number of new alerts.
 */
export async function findAnomalies(pool: Pool, nowMs: number, orgId: string | null = null): Promise<number> {
  const thisHour = Math.floor(nowMs / HOUR_MS) * HOUR_MS;
  const hours = [new Date(thisHour), new Date(thisHour - HOUR_MS)];
  const { rows } = await pool.query<Hour>(HOURS, [hours, ABOVE_NANO.toString(), WEEKS_MAX, WEEKS_MIN, orgId]);
  const alerts = rows
    .filter(({ spent, usual }) => isUnusual(BigInt(spent), BigInt(usual)))
    .map(({ orgId, hour, spent, usual, weeks }) => ({
      orgId,
      windowStart: hour,
      facts: {
        kind: "anomaly" as const,
        hour: hour.toISOString(),
        spentUsd: usdString(BigInt(spent)),
        usualUsd: usdString(BigInt(usual)),
        weeks,
      },
    }));
  return raise(pool, alerts);
}
