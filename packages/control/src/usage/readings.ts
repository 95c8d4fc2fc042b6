import { empty, join, type Sql, sql } from "@tollgate/db/query";
import { type Piece, piecesOf } from "./pieces.ts";
import { INTERVALS, type Interval } from "./slots.ts";

/** Which rows of the roll-ups to add up; absent is any. */
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

/** What is asked of the roll-ups. */
export interface Figures {
  orgId: string;
  /** Starts of the slots, ascending; the last ends at `toMs`. */
  slots: readonly number[];
  toMs: number;
  groupBy: Dimension | "none";
  filter: Filter;
}

/** Where rows come from: what groups them, and which are wanted. */
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

const slices = (interval: Interval, { groupBy, filter }: Figures): Source => ({
  table: SLICES[interval],
  group: groupBy === "none" ? sql`''` : DIMENSION[groupBy],
  errors: sql`coalesce(sum(requests) filter (where status_class in ('4xx', '5xx')), 0)`,
  where: where(filter),
});

/** Every event is once in every kind, so the kind with the fewest groups is read for the sum of all. */
const groups = ({ groupBy }: Figures): Source => ({
  table: sql`usage_group`,
  group: groupBy === "none" ? sql`''` : sql`group_id`,
  errors: sql`sum(errors)`,
  where: sql`and kind = ${groupBy === "none" ? "provider" : groupBy}`,
});

/** Piece by piece, each a range of the index: a whole range at once would be sorted before it is added up. */
const read = (orgId: string, pieces: readonly Piece[], { table, group, errors, where }: Source): Sql => sql`
  select piece.slot, sums.*
  from unnest(
    ${pieces.map(({ slot }) => slot)}::integer[],
    ${pieces.map(({ fromMs }) => new Date(fromMs))}::timestamptz[],
    ${pieces.map(({ toMs }) => new Date(toMs))}::timestamptz[]
  ) as piece(slot, since, until)
  cross join lateral (
    select ${group} as group_id, sum(cost_nano) as cost_nano, sum(requests) as requests, ${errors} as errors,
      sum(unpriced) as unpriced, sum(cache_hits) as cache_hits, sum(input_tokens) as input_tokens,
      sum(output_tokens) as output_tokens
    from ${table}
    where org_id = ${orgId}::uuid and slot >= piece.since and slot < piece.until ${where}
    group by 1
  ) as sums`;

/**
 * Rows `slot, group_id, cost_nano, requests, …` to be added up by whoever asks. Who asks for one dimension of everything
 * is answered from the roll-up of groups, whose rows are few; whoever filters, from the roll-ups of every dimension.
 */
export function readings(asked: Figures): Sql {
  const { orgId, slots, toMs, filter } = asked;
  const isFiltered = Object.values(filter).some((value) => value !== undefined);
  const pieces = piecesOf([...slots, toMs], isFiltered ? "day" : "hour");
  const parts = INTERVALS.filter((interval) => pieces[interval].length > 0).map((interval) => {
    const source = interval === "hour" && !isFiltered ? groups(asked) : slices(interval, asked);
    return read(orgId, pieces[interval], source);
  });
  return join(parts, " union all ");
}
