import { NIL_UUID } from "@tollgate/contracts/ids";
import type { LimitScope, LimitUnit } from "@tollgate/contracts/limit";
import { empty, join, type Sql, sql } from "@tollgate/db/query";
import { type Clock, openWindow } from "../limits/present.ts";
import type { AttributionKind } from "../rollups/attribution-kinds.ts";
import { alignDown, type Kept } from "../rollups/kept.ts";
import { piecesOf } from "../rollups/pieces.ts";
import { hourSlotStart, INTERVALS, type Interval, type Range, SLOT_MS, utcDayStart } from "../rollups/slots.ts";
import { attributionCoversSql, attributionOf, IS_VALUE } from "./attribution-coverage.ts";
import { COUNTED, type Counted, SUBJECT, tagsOf } from "./fill-counters.ts";

type Unit = Exclude<LimitUnit, "concurrent">;

/** Where a roll-up has the subjects of a scope. `one` is the condition for one subject. */
interface Source {
  table: (interval: Interval) => Sql;
  subject: Sql;
  where: Sql;
  one: (subject: string) => Sql;
}

const SLICES: Record<Interval, Sql> = { minute: sql`usage_minute`, hour: sql`usage_hour`, day: sql`usage_day` };
const slices = (interval: Interval): Sql => SLICES[interval];

const attributed = (kind: AttributionKind): Source => ({
  table: () => sql`usage_attribution_hour`,
  subject: sql`value`,
  where: sql`and kind = ${kind} and ${IS_VALUE}`,
  one: (subject) => sql`and value = ${subject}`,
});

/** A model's limit counts its id, and roll-ups have only the names that clients use. */
const SOURCES: Partial<Record<LimitScope, Source>> = {
  organisation: { table: slices, subject: sql`''`, where: empty, one: () => empty },
  team: {
    table: slices,
    subject: sql`team_id::text`,
    where: sql`and team_id <> ${NIL_UUID}::uuid`,
    one: (subject) => sql`and team_id = ${subject}::uuid`,
  },
  member: {
    table: slices,
    subject: sql`member_id::text`,
    where: sql`and member_id <> ${NIL_UUID}::uuid`,
    one: (subject) => sql`and member_id = ${subject}::uuid`,
  },
  key: {
    table: slices,
    subject: sql`key_id::text`,
    where: empty,
    one: (subject) => sql`and key_id = ${subject}::uuid`,
  },
  tag: attributed("tag"),
  customer: attributed("customer"),
  end_user: attributed("end_user"),
  cost_centre: attributed("cost_centre"),
};

const AMOUNT: Record<Unit, Sql> = {
  usd: sql`sum(cost_nano) + coalesce(sum(counted_extra_nano), 0)`,
  requests: sql`sum(requests) - coalesce(sum(refused), 0)`,
  tokens: sql`sum(input_tokens) + sum(output_tokens)`,
};

const OF_RUN: Record<Unit, Sql> = {
  usd: sql`counted_nano`,
  requests: sql`requests - refused`,
  tokens: sql`input_tokens + output_tokens`,
};

/** Of an organisation's hours, which are few. They have no column for what limits alone count. */
const OF_HOURS: Record<Unit, Sql> = {
  usd: sql`sum(cost_nano)`,
  requests: sql`sum(requests)`,
  tokens: sql`sum(input_tokens) + sum(output_tokens)`,
};

/** What limits alone count, in the rows that have any; indexes find those. */
const COUNTED_ALONE: Record<Exclude<Unit, "tokens">, Sql> = {
  usd: sql`coalesce(sum(counted_extra_nano), 0)`,
  requests: sql`-coalesce(sum(refused), 0)`,
};
const HAS_COUNTED_ALONE = sql`and (refused is not null or counted_extra_nano is not null)`;

/** The sums by hour are deleted after some more days than this. */
const HOURS_KEPT_MS = 390 * SLOT_MS.day;

/** A run has all of its usage, with its adjustments. */
const runCountersSql = ({ id, orgId, subject, unit }: Counted & { unit: Unit }): Sql => sql`
  select org_id, ${id}::uuid as limit_id, session as subject, to_timestamp(0) as window_start,
    (${OF_RUN[unit]})::numeric as settled, ${unit === "usd" ? sql`unpriced` : sql`0`}::bigint as unpriced
  from usage_run
  where org_id = ${orgId}::uuid ${subject === null ? empty : sql`and session = ${subject}`}
    and (requests > refused or counted_nano <> 0)`;

/** What an adjustment adds to a roll-up; one of reason `late` has its whole event. */
const ADJUSTED: Record<Unit, Sql> = {
  usd: sql`case when a.reason = 'late' then ${COUNTED.usd} else
    a.cost_nano - case when a.reason = 'priced' then coalesce(e.counted_nano, e.held_nano, 0) else 0 end end`,
  requests: sql`case when a.reason = 'late' then 1 else 0 end`,
  tokens: sql`case when a.reason = 'late' then ${COUNTED.tokens} else 0 end`,
};

/** A roll-up has these at the time at which they are booked; limits count them at the time of their event, before `since`. */
function bookedLater({ orgId, scope, subject: one, unit }: Counted & { unit: Unit }, since: Date, until: Date): Sql {
  const subject = SUBJECT[scope];
  return sql`
    select ${subject} as subject, -(${ADJUSTED[unit]})::numeric as settled,
      -case when a.reason = 'late' then (e.cost_nano is null)::integer else a.unpriced end as unpriced
    from usage_adjustment as a join usage_event as e on e.org_id = a.org_id and e.id = a.event_id ${tagsOf(scope)}
    where a.org_id = ${orgId}::uuid and a.closed_month is not null and a.booked_at >= ${since}::timestamptz
      and a.booked_at < ${until}::timestamptz
      and e.at < ${since}::timestamptz and e.outcome <> 'refused' and ${subject} is not null
      ${scope === "organisation" || one === null ? empty : sql`and ${subject} = ${one}`}`;
}

/**
 * The same rows as `countersSql`, from roll-ups: their number does not depend on how many calls there were. Null: roll-ups
 * cannot tell, because the scope is not in them or the window begins within a slot. `anyClosed`: false if the organisation has no
 * adjustment of a closed month; such a query is planned faster.
 */
function rollUpCountersSql(row: Counted, clock: Clock, kept: Kept, anyClosed: boolean): Sql | null {
  const { id, orgId, scope, unit } = row;
  if (unit === "concurrent") return null;
  const { startMs, endMs } = openWindow(row, clock);
  if (scope === "run") return startMs === 0 ? runCountersSql({ ...row, unit }) : null;
  const source = SOURCES[scope];
  if (!source) return null;
  // A clock that is wrong by two days is the most that ingest accepts.
  const untilMs = endMs ?? utcDayStart(clock.atMs) + 3 * SLOT_MS.day;
  const isHourly = attributionOf(scope) !== null;
  const isBound = (ms: number): boolean =>
    ms % SLOT_MS.minute === 0 &&
    (isHourly ? hourSlotStart(ms) === ms && startMs >= kept.hourMs : alignDown(ms, kept) === ms);
  if (!isBound(startMs) || !isBound(untilMs)) return null;
  const whole = { minute: [], hour: [{ fromMs: startMs, toMs: untilMs }], day: [] };
  const one = row.subject === null ? empty : source.one(row.subject);
  const unpriced = unit === "usd" ? sql`sum(unpriced)` : sql`0`;
  const sums = (table: Sql, { fromMs, toMs }: Range, amount: Sql, ofUnpriced: Sql, where: Sql) => sql`
    select ${source.subject} as subject, (${amount})::numeric as settled, ${ofUnpriced} as unpriced
    from ${table}
    where org_id = ${orgId}::uuid and slot >= ${new Date(fromMs)}::timestamptz and slot < ${new Date(toMs)}::timestamptz
      ${where}
    group by 1`;
  const slicesOf = (range: Range, amount: Sql, ofUnpriced: Sql, where: Sql) => {
    const pieces = isHourly ? whole : piecesOf([range.fromMs, range.toMs], { kept });
    return INTERVALS.flatMap((interval) =>
      pieces[interval].map((piece) => sums(source.table(interval), piece, amount, ofUnpriced, where)),
    );
  };
  const hoursFromMs = Math.max(startMs, utcDayStart(clock.atMs) - HOURS_KEPT_MS);
  const isOfHours = scope === "organisation" && hourSlotStart(hoursFromMs) === hoursFromMs;
  const parts = slicesOf(
    { fromMs: startMs, toMs: isOfHours ? hoursFromMs : untilMs },
    AMOUNT[unit],
    unpriced,
    sql`${source.where} ${one}`,
  );
  if (isOfHours) {
    const hours = { fromMs: hoursFromMs, toMs: untilMs };
    parts.push(sums(sql`usage_group`, hours, OF_HOURS[unit], unpriced, sql`and kind = 'provider'`));
    if (unit !== "tokens") parts.push(...slicesOf(hours, COUNTED_ALONE[unit], sql`0`, HAS_COUNTED_ALONE));
  }
  if (startMs > 0 && anyClosed) parts.push(bookedLater({ ...row, unit }, new Date(startMs), new Date(untilMs)));
  return sql`
    select ${orgId}::uuid as org_id, ${id}::uuid as limit_id, subject, ${new Date(startMs)}::timestamptz as window_start,
      sum(settled)::numeric as settled, ${unit === "usd" ? sql`sum(unpriced)` : sql`0`}::bigint as unpriced
    from (${join(parts, " union all ")}) as parts
    group by subject having sum(settled) <> 0 or sum(unpriced) <> 0`;
}

/** The same, or null if the roll-ups do not have all subjects by name. `read` runs a query. */
export async function rollUpCounters(
  read: (query: Sql) => Promise<{ covers: boolean }[]>,
  row: Counted,
  clock: Clock,
  kept: Kept,
  anyClosed = true,
): Promise<Sql | null> {
  const counters = rollUpCountersSql(row, clock, kept, anyClosed);
  const coverage = counters && attributionCoversSql(row, openWindow(row, clock).startMs);
  if (!coverage) return counters;
  return (await read(coverage))[0]?.covers ? counters : null;
}
