import { perUnits, UNITS, type Units } from "@tollgate/catalog/units";
import { unitSql } from "./unit-sql.ts";

/**
 * The SQL of the lines that roll-ups sum: one line for each event and one for each adjustment of its cost. A line counts at
 * its `booked_at`: the time of the event, or a time in the open month if the event arrived after its month was closed. In
 * the SQL, `e` is the event and `a` its adjustment.
 */
const DIMENSIONS = [
  "org_id",
  "at",
  "team_id",
  "member_id",
  "key_id",
  "model",
  "provider",
  "status",
  "cache",
  "outcome",
  "tags",
  "customer",
  "session",
  "end_user",
  "cost_centre",
  "total_ms",
  "first_token_ms",
];
const OF_EVENT = DIMENSIONS.map((name) => `e.${name}`).join(", ");

/** Limits count the hold of a call whose price is unknown, and a broken answer differently from its cost. */
const COUNTED_EXTRA =
  "case when e.outcome = 'refused' then 0 else coalesce(e.counted_nano, e.cost_nano, e.held_nano, 0) end - coalesce(e.cost_nano, 0)";

/** The columns of an event that `eventLines` reads. */
export const lineColumns = (units: Units): readonly string[] => [
  ...DIMENSIONS,
  ...unitSql(units).columns,
  ...["use", "cost_nano", "counted_nano", "held_nano"],
];

export const eventLines = (from: string, bookedAt: string, units = UNITS): string => `
  select ${OF_EVENT}, ${bookedAt} as booked_at, 1 as requests, (e.cost_nano is null)::integer as unpriced,
    ${unitSql(units)
      .columns.map((name) => `e.${name}`)
      .join(", ")}, e.use, coalesce(e.cost_nano, 0) as cost_nano, ${COUNTED_EXTRA} as counted_extra_nano
  from ${from}`;

/** Requests and units are zero: the line of the event already has them. */
export const adjustmentLines = (from: string, units = UNITS): string => `
  select ${OF_EVENT}, a.booked_at, 0 as requests, a.unpriced,
    ${unitSql(units)
      .columns.map((name) => `0 as ${name}`)
      .join(", ")}, null::jsonb as use, a.cost_nano,
    case when e.outcome = 'refused' then -a.cost_nano
      when a.reason = 'priced' then -coalesce(e.counted_nano, e.held_nano, 0) else 0 end as counted_extra_nano
  from ${from}`;

const OF_ITS_EVENT = "usage_adjustment as a join usage_event as e on e.org_id = a.org_id and e.id = a.event_id";

/** The events of organisation `$1` within `[$2, $3)`: all lines, if none of these is adjusted or late. */
export const unadjustedLines = perUnits(
  (units) => `${eventLines("usage_event as e", "e.at", units)}
  where e.org_id = $1 and e.id >= uuid_floor($2) and e.id < uuid_floor($3)`,
);

/** Whether an adjustment is booked there, or belongs to an event there. */
export const ANY_ADJUSTED = `
  select exists (select from usage_adjustment where org_id = $1 and booked_at >= $2 and booked_at < $3)
    or exists (select from usage_adjustment where org_id = $1 and event_id >= uuid_floor($2) and event_id < uuid_floor($3)) as adjusted`;

/** All lines of organisation `$1` that are booked within `[$2, $3)`. */
export const bookedLines = perUnits(
  (units) => `
  ${eventLines("usage_event as e", "e.at", units)}
  where e.org_id = $1 and e.id >= uuid_floor($2) and e.id < uuid_floor($3) and not exists (
    select from usage_adjustment as a where a.org_id = e.org_id and a.event_id = e.id and a.reason = 'late')
  union all
  ${eventLines(OF_ITS_EVENT, "a.booked_at", units)}
  where a.org_id = $1 and a.booked_at >= $2 and a.booked_at < $3 and a.reason = 'late'
  union all
  ${adjustmentLines(OF_ITS_EVENT, units)}
  where a.org_id = $1 and a.booked_at >= $2 and a.booked_at < $3 and a.reason <> 'late'`,
);
