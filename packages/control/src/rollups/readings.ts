import type { Units } from "@tollgate/catalog/units";
import { empty, join, raw, type Sql, sql } from "@tollgate/db/query";
import type { Kept } from "./kept.ts";
import { type Piece, piecesOf } from "./pieces.ts";
import { GROUP_KINDS } from "./roll-up-sql.ts";
import { INTERVALS, type Interval } from "./slots.ts";
import { unitSql } from "./unit-sql.ts";

/** Which rows of the roll-ups to sum. An absent field matches every row. */
export interface Filter {
  keyId?: string | undefined;
  teamId?: string | undefined;
  memberId?: string | undefined;
  model?: string | undefined;
  provider?: string | undefined;
}

const DIMENSION = {
  model: sql`model`,
  key: sql`key_id::text`,
  team: sql`team_id::text`,
  member: sql`member_id::text`,
  provider: sql`provider`,
} satisfies Record<string, Sql>;
type Dimension = keyof typeof DIMENSION;

/** The condition for the groups of a query. It compares in the column's own type, so that an index can tell. */
const IS_ONLY: Record<Dimension, (only: Sql) => Sql> = {
  model: (only) => sql`and model = any(array(${only}))`,
  provider: (only) => sql`and provider = any(array(${only}))`,
  key: (only) => sql`and key_id = any(array(select id::uuid from (${only}) as wanted (id)))`,
  team: (only) => sql`and team_id = any(array(select id::uuid from (${only}) as wanted (id)))`,
  member: (only) => sql`and member_id = any(array(select id::uuid from (${only}) as wanted (id)))`,
};

/** A query of the roll-ups. */
export interface Figures {
  orgId: string;
  /** Starts of the slots, ascending; the last ends at `toMs`. */
  slots: readonly number[];
  toMs: number;
  groupBy: Dimension | "none";
  filter: Filter;
  kept: Kept;
  /** A query of the only groups to read, as text; absent: all. */
  only?: Sql;
}

/** A table to read, how its rows are grouped, and which rows to read. */
interface Source {
  table: Sql;
  group: Sql;
  errors: Sql;
  where: Sql;
}

export const where = ({ keyId, teamId, memberId, model, provider }: Filter): Sql =>
  sql`${keyId ? sql`and key_id = ${keyId}::uuid` : empty}
    ${teamId ? sql`and team_id = ${teamId}::uuid` : empty}
    ${memberId ? sql`and member_id = ${memberId}::uuid` : empty}
    ${model === undefined ? empty : sql`and model = ${model}`}
    ${provider === undefined ? empty : sql`and provider = ${provider}`}`;

const SLICES: Record<Interval, Sql> = {
  minute: sql`usage_minute`,
  hour: sql`usage_hour`,
  day: sql`usage_day`,
};

const slices = (interval: Interval, { groupBy, filter, only }: Figures): Source => ({
  table: SLICES[interval],
  group: groupBy === "none" ? sql`''` : DIMENSION[groupBy],
  errors: sql`coalesce(sum(requests) filter (where status_class in ('4xx', '5xx')), 0)`,
  where: only && groupBy !== "none" ? sql`${where(filter)} ${IS_ONLY[groupBy](only)}` : where(filter),
});

/** The dimension of each filter field. */
const PICKS = { keyId: "key", teamId: "team", memberId: "member", model: "model", provider: "provider" } as const;

/**
 * The source for a query of at most one dimension with few values: `usage_group`. Every event is once in every kind, so the
 * total is read from the kind with the fewest groups. Null: the query needs another dimension, or several.
 */
function groups({ groupBy, filter, only }: Figures): Source | null {
  const [picked, ...others] = Object.entries(filter).filter(([, value]) => value !== undefined);
  const kind = picked ? PICKS[picked[0] as keyof Filter] : groupBy === "none" ? "provider" : groupBy;
  if (others.length > 0 || !GROUP_KINDS.includes(kind) || (picked && groupBy !== "none" && groupBy !== kind))
    return null;
  return {
    table: sql`usage_group`,
    group: groupBy === "none" ? sql`''` : sql`group_id`,
    errors: sql`sum(errors)`,
    where: sql`and kind = ${kind} ${picked ? sql`and group_id = ${picked[1]}` : empty}
      ${only && groupBy !== "none" ? sql`and group_id = any(array(${only}))` : empty}`,
  };
}

/** Sums of every row of a source, by group. */
const allSums = ({ group, errors }: Source): Sql => sql`
      select ${group} as group_id, sum(cost_nano) as cost_nano, sum(requests) as requests, ${errors} as errors,
        sum(unpriced) as unpriced, sum(cache_hits) as cache_hits, sum(input_tokens) as input_tokens,
        sum(output_tokens) as output_tokens, count(use) as with_use`;

/** Reads piece by piece, each an index range: Postgres would sort the rows of one large range before it sums them. */
const read = (orgId: string, pieces: readonly Piece[], { table, where }: Source, sums: Sql): Sql => sql`
  select piece.slot, sums.*
  from unnest(
    ${pieces.map(({ slot }) => slot)}::integer[],
    ${pieces.map(({ fromMs }) => new Date(fromMs))}::timestamptz[],
    ${pieces.map(({ toMs }) => new Date(toMs))}::timestamptz[]
  ) as piece(slot, since, until)
  cross join lateral (
    ${sums}
    from ${table}
    where org_id = ${orgId}::uuid and slot >= piece.since and slot < piece.until ${where}
    group by 1
  ) as sums`;

/** Such a query reads `usage_group`, which has few rows; others read the roll-ups that have every dimension. */
function readWith(asked: Figures, sums: (source: Source) => Sql, extra: Sql = empty): Sql {
  const { orgId, slots, toMs, kept } = asked;
  // Older figures are only in the daily roll-up.
  const grouped = (slots[0] ?? toMs) >= kept.hourMs ? groups(asked) : null;
  const pieces = piecesOf([...slots, toMs], grouped ? "hour" : "day", kept);
  const used = INTERVALS.filter((interval) => pieces[interval].length > 0);
  const parts = (used.length > 0 ? used : (["day"] as const)).map((interval) => {
    const source = (interval === "hour" ? grouped : null) ?? slices(interval, asked);
    return read(orgId, pieces[interval], { ...source, where: sql`${source.where} ${extra}` }, sums(source));
  });
  return join(parts, " union all ");
}

/** SQL of rows `slot, group_id, cost_nano, requests, …`; the caller sums them. `with_use` counts rows of `useReadings`. */
export const readings = (asked: Figures): Sql => readWith(asked, allSums);

/** SQL of rows `slot, group_id, "<unit>", …`: the units that have no column in the ledger; the caller sums them. */
export const useReadings = (asked: Figures, units: Units): Sql =>
  readWith(
    asked,
    ({ group }) => sql`select ${group} as group_id, ${raw(unitSql(units).otherSums)}`,
    sql`and use is not null`,
  );
