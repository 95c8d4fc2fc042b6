import { INVARIANTS as LEDGER } from "@tollgate/testkit/invariants";

/** The amount that each event adds to each limit it counts on. Windows are calendar windows in UTC. */
const USED = `
  select l.id as limit_id, u.subject, case l."window"
      when 'total' then 'epoch'::timestamptz else date_trunc(l."window"::text, e.at, o.time_zone) end as window_start,
    sum(case l.unit when 'usd' then coalesce(e.counted_nano, e.held_nano, 0) when 'requests' then 1
      else e.input_tokens::bigint + e.output_tokens end) as used
  from usage_rated as e
  join organisation as o on o.id = e.org_id
  join usage_limit as l on l.org_id = e.org_id and l.scope in ('organisation', 'key') and l.unit <> 'concurrent'
  cross join lateral (select case l.scope when 'key' then e.key_id::text else '' end as subject) as u
  where e.outcome <> 'refused' and (l.scope = 'organisation' or l.subject is null or l.subject = u.subject)
  group by 1, 2, 3`;

/** What must hold of the ledger when nothing is under way. Numbers are those of the money specification. Each query returns the violations. */
export const INVARIANTS: Readonly<Record<string, string>> = {
  ...LEDGER,
  "1: a call that a process did not live to end is charged its hold and marked interrupted": `
    select id from usage_event where outcome = 'interrupted'
      and (cost_nano is distinct from held_nano or not 'interrupted' = any(flags))`,
  "4: every limit counter equals the sum of its events": `
    select * from (${USED}) as said full join
      (select limit_id, subject, window_start, settled from limit_counter where settled <> 0) as kept
      using (limit_id, subject, window_start)
    where coalesce(said.used, 0) <> coalesce(kept.settled, 0) and window_start >= coalesce(greatest(
      (select since from usage_kept where name = 'usage_event'),
      (select requests_since from retention as r join usage_limit as l on l.org_id = r.org_id where l.id = limit_id)), '-infinity')`,
  "6: no hard limit is overspent": `
    select l.unit, l."window", l.amount, c.*, (
      select json_agg(last) from (
        select e.at, e.outcome, e.cost_nano, e.counted_nano, e.held_nano from usage_event as e
        where e.org_id = c.org_id and e.key_id::text = c.subject and e.outcome <> 'refused' and e.at >= c.window_start
          and (l."window" = 'total' or e.at < c.window_start + ('1 ' || l."window")::interval)
        order by e.at desc limit 12
      ) as last) as last_events
    from limit_counter as c join usage_limit as l on l.id = c.limit_id
    where l.mode = 'block' and c.settled > l.amount + coalesce((
      select sum(i.amount) from limit_increase as i where i.limit_id = l.id and i.revoked_at is null), 0)`,
  "6: no call costs or counts more than its hold": `
    select id, cost_nano, counted_nano, held_nano from usage_event
    where greatest(cost_nano, counted_nano) > held_nano and not 'over_hold' = any(flags)`,
  "6: no call counts less than it costs": `
    select id, cost_nano, counted_nano from usage_event where counted_nano < cost_nano`,
  "9: nothing is negative": `
    select id from usage_event where cost_nano < 0 or counted_nano < 0 or input_tokens < 0 or output_tokens < 0`,
  "11: a refused call is charged nothing": `
    select id from usage_event where outcome = 'refused' and (coalesce(cost_nano, 0) <> 0 or input_tokens + output_tokens > 0)`,
};
