import { query } from "./cluster.ts";

/**
 * Invariants of the ledger, written independently of the product's code. Each query returns one row per violation. The
 * numbers are those of the money specification.
 */
const DIMENSIONS = "org_id, team_id, member_id, key_id, model, provider, status_class";
const SUMS = [
  "requests",
  "cache_hits",
  "unpriced",
  "input_tokens",
  "cache_read_tokens",
  "cache_write_tokens",
  "output_tokens",
  "reasoning_tokens",
  "cost_nano",
  "refused",
  "counted_extra_nano",
];

/** Times (UTC) within an hour at which a day begins in some time zone: hourly slots begin there too. */
const DAYS_BEGIN = `
  '02:30','03:30','09:30','10:15','11:15','13:30','14:30','15:15','17:30','18:15','18:30','19:30','20:30'`;

const SLOTS: Record<string, string> = {
  minute: "date_trunc('minute', booked at time zone 'UTC')",
  hour: `(
    select max(slot) from (
      select date_trunc('hour', booked at time zone 'UTC')
      union all
      select date_trunc('day', booked at time zone 'UTC') + begins from unnest(array[${DAYS_BEGIN}]::interval[]) as begins
    ) as all_slots (slot) where slot <= booked at time zone 'UTC')`,
  day: "date_trunc('day', booked at time zone 'UTC')",
};

/** From when on a roll-up is kept. */
const kept = (table: string): string =>
  `coalesce((select since from usage_kept where name = '${table}'), '-infinity') at time zone 'UTC'`;

/** Whether a report reads the totals of a day: it is over, and nothing was written to it since it was summed. `day` is SQL of its start. */
const isSummed = (day: string): string => `(${day} < (select since from usage_kept where name = 'usage_total_open')
  and (t.org_id, ${day}) not in (select org_id, day from usage_total_stale)
  and (t.org_id, ${day}) not in (select org_id, date_trunc('day', hour, 'UTC') from usage_touched))`;
const TOTAL = "requests <> 0 or cost_nano <> 0 or unpriced <> 0";

/** From when on all events of an organisation are in the ledger; earlier ones are deleted. `row` has its id. */
const eventsSince = (row: string): string => `
  coalesce(greatest((select since from usage_kept where name = 'usage_event'),
    (select requests_since from retention where retention.org_id = ${row}.org_id)), '-infinity')`;

/** The same, for slots. */
const slotsSince = (row: string): string => `${eventsSince(row)} at time zone 'UTC'`;

/** Events and adjustments at the time where they count. An adjustment is not a request. A late event counts in another month. */
const BOOKED = `(
  select coalesce(l.booked_at, e.at) as booked, 1 as n, e.org_id, e.team_id, e.member_id, e.key_id, e.model, e.provider,
    e.status, e.cache, e.at, e.tags, e.customer, e.session, e.end_user, e.cost_centre, e.input_tokens::bigint, e.cache_read_tokens::bigint,
    e.cache_write_5m_tokens::bigint, e.cache_write_1h_tokens::bigint, e.output_tokens::bigint,
    e.reasoning_tokens::bigint, case when e.cost_nano is null then 1 else 0 end as unknown, e.cost_nano,
    case e.outcome when 'refused' then 1 end as refused,
    case e.outcome when 'refused' then 0 else coalesce(e.counted_nano, e.cost_nano, e.held_nano, 0) end as counted
  from usage_event as e left join usage_adjustment as l on l.event_id = e.id and l.reason = 'late'
  union all
  select a.booked_at, 0, e.org_id, e.team_id, e.member_id, e.key_id, e.model, e.provider,
    e.status, e.cache, e.at, e.tags, e.customer, e.session, e.end_user, e.cost_centre, 0, 0, 0, 0, 0, 0, a.unpriced, a.cost_nano, null,
    case when e.outcome = 'refused' then 0
      when a.reason = 'priced' then a.cost_nano - coalesce(e.counted_nano, e.held_nano, 0) else a.cost_nano end
  from usage_adjustment as a, usage_event as e where e.id = a.event_id and a.reason <> 'late') as booked`;

const fromEvents = (unit: string): string => `
  select * from (select org_id, ${SLOTS[unit]} as slot,
    coalesce(team_id::text, '00000000-0000-0000-0000-000000000000')::uuid as team_id,
    coalesce(member_id::text, '00000000-0000-0000-0000-000000000000')::uuid as member_id,
    key_id, model, coalesce(provider, '') as provider,
    case status when 499 then '499' else floor(status / 100)::text || 'xx' end as status_class,
    sum(n) as requests,
    sum(case when cache = 'hit' then n else 0 end) as cache_hits,
    sum(unknown) as unpriced,
    sum(input_tokens) as input_tokens,
    sum(cache_read_tokens) as cache_read_tokens,
    sum(cache_write_5m_tokens) + sum(cache_write_1h_tokens) as cache_write_tokens,
    sum(output_tokens) as output_tokens,
    sum(reasoning_tokens) as reasoning_tokens,
    coalesce(sum(cost_nano), 0) as cost_nano,
    sum(refused) as refused,
    nullif(coalesce(sum(counted), 0) - coalesce(sum(cost_nano), 0), 0) as counted_extra_nano
  from ${BOOKED} group by 1, 2, 3, 4, 5, 6, 7, 8) as rebuilt
  where slot >= ${kept(`usage_${unit}`)} and slot >= ${slotsSince("rebuilt")}`;

const stored = (unit: string): string =>
  `select org_id, slot at time zone 'UTC' as slot, team_id, member_id, key_id, model, provider, status_class, ${SUMS.join(", ")} from usage_${unit}
   where slot at time zone 'UTC' >= ${kept(`usage_${unit}`)} and slot >= ${eventsSince(`usage_${unit}`)}`;

const summed = (unit: string, keptOf: string): string =>
  `select ${DIMENSIONS}, ${SUMS.map((sum) => `sum(${sum}) as ${sum}`).join(", ")} from usage_${unit}
   where slot at time zone 'UTC' >= ${kept(keptOf)} group by ${DIMENSIONS}`;

const differ = (one: string, other: string): string =>
  `(select 'lacks', x.* from (${one} except all ${other}) as x) union all (select 'has', y.* from (${other} except all ${one}) as y)`;

export const INVARIANTS: Readonly<Record<string, string>> = {
  "1: one final event per request, and its cost is the sum of its attempts": `
    select id from usage_event group by id having count(*) > 1
    union all
    select id from usage_event
    where cost_nano is distinct from (select sum((a->>'costNano')::numeric) from jsonb_array_elements(attempts) as a)
      and jsonb_array_length(attempts) > 0 and source = 'provider' and outcome = 'complete' and cache <> 'hit'`,
  "2: minute, hour and day roll-ups have the same sums": `
    ${differ(summed("minute", "usage_minute"), summed("hour", "usage_minute"))} union all
    ${differ(summed("hour", "usage_hour"), summed("day", "usage_hour"))}`,
  "2: groups have the same sums as the hours": differ(
    `select org_id, kind, slot, group_id, sum(requests) as requests, sum(cost_nano) as cost_nano
     from usage_hour, lateral (values ('model', model), ('provider', provider), ('team', team_id::text)) as g (kind, group_id)
     group by 1, 2, 3, 4`,
    "select org_id, kind, slot, group_id, requests, cost_nano from usage_group where kind in ('model', 'provider', 'team')",
  ),
  "2: totals by day have the same sums as the daily roll-up": differ(
    `select * from (
       select t.org_id, g.kind, slot, g.group_id, sum(requests) as requests, sum(input_tokens) as input_tokens,
         sum(unpriced) as unpriced, sum(cost_nano) as cost_nano
       from usage_day as t, lateral (values ('model', model), ('provider', provider), ('team', team_id::text),
         ('key', key_id::text), ('member', member_id::text)) as g (kind, group_id)
       where ${isSummed("t.slot")}
       group by 1, 2, 3, 4) as summed where ${TOTAL}`,
    `select org_id, kind, slot, group_id, requests, input_tokens, unpriced, cost_nano from usage_total as t
     where span = 'day' and kind not like 'latency%' and (${TOTAL}) and ${isSummed("t.slot")}`,
  ),
  "2: latency by day has the same counts as by hour": differ(
    `select * from (select org_id, 'latency_' || kind as kind, date_trunc('day', slot, 'UTC') as slot, bucket::text, sum(count)
     from usage_latency group by 1, 2, 3, 4) as t where ${isSummed("t.slot")}`,
    `select org_id, kind, slot, group_id, requests from usage_total as t
     where span = 'day' and kind like 'latency%' and ${isSummed("t.slot")}`,
  ),
  "2: totals by month have the same sums as those by day": differ(
    `select * from (
       select org_id, kind, date_trunc('month', slot, 'UTC') as slot, group_id, sum(requests) as requests,
         sum(input_tokens) as input_tokens, sum(unpriced) as unpriced, sum(cost_nano) as cost_nano
       from usage_total where span = 'day' group by 1, 2, 3, 4) as summed where ${TOTAL}`,
    `select org_id, kind, slot, group_id, requests, input_tokens, unpriced, cost_nano from usage_total
     where span = 'month' and (${TOTAL})`,
  ),
  "3: the minute roll-up equals the events": differ(fromEvents("minute"), stored("minute")),
  "3: the hour roll-up equals the events": differ(fromEvents("hour"), stored("hour")),
  "3: the day roll-up equals the events": differ(fromEvents("day"), stored("day")),
  "3: the roll-up by tag, customer, session, end user and cost centre equals the events": differ(
    `select * from (select booked.org_id, ${SLOTS.hour} as slot, l.kind, coalesce(l.value, '*any') as value, sum(n) as requests,
       coalesce(sum(cost_nano), 0) as cost_nano, sum(refused) as refused,
       nullif(coalesce(sum(counted), 0) - coalesce(sum(cost_nano), 0), 0) as counted
     from ${BOOKED}, lateral (
       select kind, case when (booked.org_id, kind, date_trunc('month', at at time zone 'UTC')::date, value)
           in (select org_id, kind, month, value from usage_value) then value else '*unregistered' end
       from (
         select 'tag', t.key || '=' || (t.value #>> '{}') from jsonb_each(tags) as t
         union all select 'customer', customer union all select 'session', session
         union all select 'end_user', end_user union all select 'cost_centre', cost_centre
       ) as v (kind, value) where value is not null
       union all select 'tag', null where tags <> '{}' union all select 'customer', null where customer is not null
       union all select 'session', null where session is not null union all select 'end_user', null where end_user is not null
       union all select 'cost_centre', null where cost_centre is not null
     ) as l (kind, value) group by 1, 2, 3, 4) as rebuilt where slot >= ${slotsSince("rebuilt")}`,
    `select org_id, slot at time zone 'UTC' as slot, kind, value, requests, cost_nano, refused, counted_extra_nano
     from usage_attribution_hour where slot >= ${eventsSince("usage_attribution_hour")}`,
  ),
  "2: attribution by day has the same sums as by hour": differ(
    `select org_id, kind, date_trunc('day', slot at time zone 'UTC') as slot, value, sum(requests) as requests, sum(cost_nano) as cost_nano
     from usage_attribution_hour group by 1, 2, 3, 4`,
    "select org_id, kind, slot at time zone 'UTC' as slot, value, requests, cost_nano from usage_attribution_day",
  ),
  "attribution: the values of a request's kinds but tags add up to the requests that have one": `
    select org_id, kind, slot from usage_attribution_hour where kind <> 'tag' group by 1, 2, 3
    having sum(case value when '*any' then -cost_nano else cost_nano end) <> 0
      or sum(case value when '*any' then -requests else requests end) <> 0`,
  "attribution: a month has no more values than its bound": `
    select m.org_id, m.kind, m.month from usage_value_month as m left join usage_value as v using (org_id, kind, month)
    group by m.org_id, m.kind, m.month, m.most, m.used having count(v.value) <> m.used or m.used > m.most`,
  "3: the latency roll-up counts every timed request": `
    select org_id from usage_event where outcome <> 'refused' and at >= ${eventsSince("usage_event")} group by org_id
    having count(*) is distinct from (
      select sum(count) from usage_latency as l
      where l.org_id = usage_event.org_id and kind = 'total' and slot >= ${eventsSince("l")})`,
  "3: each run equals its events": `
    select r.org_id, r.session from usage_run as r cross join lateral (
      select count(*) as requests, count(*) filter (where outcome = 'refused') as refused,
        count(*) filter (where cost_nano is null and outcome <> 'refused') as unpriced, sum(input_tokens) as input_tokens,
        coalesce(sum(cost_nano), 0) as cost_nano,
        coalesce(sum(coalesce(counted_nano, held_nano)) filter (where outcome <> 'refused'), 0) as counted_nano
      from usage_rated as e where e.org_id = r.org_id and e.session = r.session and e.at between r.first_at and r.last_at
    ) as said
    where r.first_at >= ${eventsSince("r")} and (r.requests, r.refused, r.unpriced, r.input_tokens, r.cost_nano, r.counted_nano)
      is distinct from (said.requests, said.refused, said.unpriced, said.input_tokens, said.cost_nano, said.counted_nano)`,
  "8: token classes are disjoint": `
    select id from usage_event
    where cache_read_tokens::bigint + cache_write_5m_tokens + cache_write_1h_tokens > input_tokens
       or audio_input_tokens::bigint + image_input_tokens > input_tokens
       or reasoning_tokens > output_tokens
       or audio_output_tokens::bigint + image_output_tokens > output_tokens`,
  "adjustments: each belongs to an event of the same organisation, and their sum is not negative": `
    select a.event_id from usage_adjustment as a left join usage_event as e on e.id = a.event_id and e.org_id = a.org_id
    group by a.event_id, a.org_id, e.id, e.cost_nano
    having (e.id is null and bool_or(coalesce(a.event_id >= uuid_floor(nullif(${eventsSince("a")}, '-infinity')), true))) or coalesce(e.cost_nano, 0) + coalesce(sum(a.cost_nano) filter (where a.reason <> 'late'), 0) < 0
      or count(*) filter (where a.reason = 'late') > 1 or count(*) filter (where a.reason = 'priced') > 1`,
  "closed months: nothing is added after the close, and the totals have not changed": `
    select m.org_id, m.month from closed_month as m, usage_adjustment as a
    where a.org_id = m.org_id and a.booked_at >= m.since and a.booked_at < m.until and a.at > m.closed_at
    union all
    select m.org_id, m.month from closed_month as m
    left join usage_hour as r on r.org_id = m.org_id and r.slot >= m.since and r.slot < m.until
    group by m.org_id, m.month, m.requests, m.cost_nano
    having m.requests <> coalesce(sum(r.requests), 0) or m.cost_nano <> coalesce(sum(r.cost_nano), 0)`,
  "9: no counter below zero": "select limit_id from limit_counter where settled < 0",
};

/** Names of the invariants that do not hold, with the first violations. Empty if all hold. */
export async function brokenInvariants(
  ownerUrl: string,
  invariants: Readonly<Record<string, string>> = INVARIANTS,
): Promise<Record<string, unknown[]>> {
  const broken: Record<string, unknown[]> = {};
  for (const [name, sql] of Object.entries(invariants)) {
    const rows = await query(ownerUrl, `select * from (${sql}) as breach limit 5`);
    if (rows.length > 0) broken[name] = rows;
  }
  return broken;
}
