import { empty, type Sql, sql } from "@tollgate/db/query";
import { GROUP_KINDS } from "./roll-up-sql.ts";
import type { Span } from "./spans.ts";

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
export type Dimension = keyof typeof DIMENSION;

/** Which groups a query reads. */
export interface Question {
  groupBy: Dimension | "none";
  filter: Filter;
  /** A query of the only groups to read, as text; absent: all. */
  only?: Sql;
}

/** A table to read, how its rows are grouped, and which rows to read. */
export interface Source {
  table: Sql;
  group: Sql;
  errors: Sql;
  /** Whether a row has units without a column. */
  hasUse: Sql;
  where: Sql;
  /** The name of its spans. They are read one by one, so the index finds the rows of a group in each. */
  span?: string;
  /** A group has at most one row in a slot, so rows need not be summed. */
  isSummed?: boolean;
}

/** The condition for the groups of a query. It compares in the column's own type, so that an index can tell. */
const IS_ONLY: Record<Dimension, (only: Sql) => Sql> = {
  model: (only) => sql`and model = any(array(${only}))`,
  provider: (only) => sql`and provider = any(array(${only}))`,
  key: (only) => sql`and key_id = any(array(select id::uuid from (${only}) as wanted (id)))`,
  team: (only) => sql`and team_id = any(array(select id::uuid from (${only}) as wanted (id)))`,
  member: (only) => sql`and member_id = any(array(select id::uuid from (${only}) as wanted (id)))`,
};

export const where = ({ keyId, teamId, memberId, model, provider }: Filter): Sql =>
  sql`${keyId ? sql`and key_id = ${keyId}::uuid` : empty}
    ${teamId ? sql`and team_id = ${teamId}::uuid` : empty}
    ${memberId ? sql`and member_id = ${memberId}::uuid` : empty}
    ${model === undefined ? empty : sql`and model = ${model}`}
    ${provider === undefined ? empty : sql`and provider = ${provider}`}`;

/** The names of the spans in the table of totals. */
const TOTALS = { total: "day", month: "month" } as const;

const SLICES: Partial<Record<Span, Sql>> = {
  minute: sql`usage_minute`,
  hour: sql`usage_hour`,
  day: sql`usage_day`,
};

/** The roll-ups that have every dimension. */
export const slices = (span: Span, { groupBy, filter, only }: Question): Source => ({
  table: SLICES[span] ?? sql`usage_day`,
  group: groupBy === "none" ? sql`''` : DIMENSION[groupBy],
  errors: sql`sum(requests::float8) filter (where status_class in ('4xx', '5xx'))`,
  hasUse: sql`use is not null`,
  where: only && groupBy !== "none" ? sql`${where(filter)} ${IS_ONLY[groupBy](only)}` : where(filter),
});

/** The dimension of each filter field. */
const PICKS = { keyId: "key", teamId: "team", memberId: "member", model: "model", provider: "provider" } as const;

/** The one dimension of a query, and the group that it picks. Null: the query has several. */
function dimensionOf({ groupBy, filter }: Question): { kind: Dimension; picked: string | undefined } | null {
  const [first, ...others] = Object.entries(filter).filter(([, value]) => value !== undefined);
  if (others.length > 0) return null;
  // Every event is once in every kind, so the total is read from the kind with the fewest groups.
  if (!first) return { kind: groupBy === "none" ? "provider" : groupBy, picked: undefined };
  const kind = PICKS[first[0] as keyof Filter];
  return groupBy === "none" || groupBy === kind ? { kind, picked: first[1] } : null;
}

/** The roll-ups by one dimension for a query of one: totals by day and month, and by hour if the dimension has few values. Else null. */
export function narrow(span: "hour" | "total" | "month", question: Question): Source | null {
  const dimension = dimensionOf(question);
  if (!dimension || (span === "hour" && !GROUP_KINDS.includes(dimension.kind))) return null;
  const { groupBy, only } = question;
  const { kind, picked } = dimension;
  const common = {
    group: groupBy === "none" ? sql`''` : sql`group_id`,
    errors: sql`sum(errors::float8)`,
    where: sql`and kind = ${kind} ${picked === undefined ? empty : sql`and group_id = ${picked}`}
      ${only && groupBy !== "none" ? sql`and group_id = any(array(${only}))` : empty}`,
  };
  return span === "hour"
    ? { ...common, table: sql`usage_group`, hasUse: sql`use is not null` }
    : {
        ...common,
        table: sql`usage_total`,
        hasUse: sql`has_use`,
        span: TOTALS[span],
        isSummed: groupBy !== "none",
      };
}
