import type { Uuid } from "@tollgate/contracts/ids";
import type { Pool } from "@tollgate/db/pool";

/** Number of past weeks to compare, and the smallest number with data. */
const WEEKS_MAX = 4;
const WEEKS_MIN = 2;

/** What an organisation spent in an hour. Amounts are nano-USD as decimal text. */
export interface Hour {
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

/**
 * The spend of these hours, of organisations that were written in them since their last check and spent more than `aboveNano`, with
 * that of the same hour of the past weeks. `orgId`: only this organisation.
 */
export async function readBusyHours(
  pool: Pool,
  hours: readonly Date[],
  aboveNano: bigint,
  orgId: Uuid | null,
): Promise<Hour[]> {
  const values = [hours, aboveNano.toString(), WEEKS_MAX, WEEKS_MIN, orgId];
  return (await pool.query<Hour>(HOURS, values)).rows;
}
