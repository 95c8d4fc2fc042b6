import { usdString } from "@tollgate/contracts/money";
import { empty, join, type Sql, sql } from "@tollgate/db/query";
import type { Tx } from "@tollgate/db/with-tenant";
import { type Pieces, piecesOf } from "./pieces.ts";
import type { Sums } from "./schemas.ts";
import { INTERVALS, type Interval, type Range } from "./slots.ts";

/** Which rows of the roll-ups to add up; absent is any. */
export interface Filter {
  keyId?: string | undefined;
  teamId?: string | undefined;
  memberId?: string | undefined;
  model?: string | undefined;
  provider?: string | undefined;
}

/** As the store adds them; cost in nano-USD. */
export interface RawSums {
  costNano: bigint;
  requests: number;
  errors: number;
  unpriced: number;
  cacheHits: number;
  inputTokens: number;
  outputTokens: number;
}

export interface SlotSums extends RawSums {
  /** Index of the slot in the bounds asked for. */
  slot: number;
  groupId: string;
}

export const GROUP_COLUMN = {
  model: sql`model`,
  key: sql`key_id::text`,
  team: sql`team_id::text`,
  member: sql`member_id::text`,
  provider: sql`provider`,
  none: sql`''`,
} satisfies Record<string, Sql>;

const ROLL_UP: Record<Interval, Sql> = {
  minute: sql`usage_minute`,
  hour: sql`usage_hour`,
  day: sql`usage_day`,
};

export const where = ({ keyId, teamId, memberId, model, provider }: Filter): Sql =>
  sql`${keyId ? sql`and key_id = ${keyId}::uuid` : empty}
    ${teamId ? sql`and team_id = ${teamId}::uuid` : empty}
    ${memberId ? sql`and member_id = ${memberId}::uuid` : empty}
    ${model === undefined ? empty : sql`and model = ${model}`}
    ${provider === undefined ? empty : sql`and provider = ${provider}`}`;

const rowsOf = (orgId: string, pieces: Pieces): Sql => {
  const read = INTERVALS.filter((interval) => pieces[interval].length > 0).map((interval) => {
    const since = pieces[interval].map(({ fromMs }) => new Date(fromMs));
    const until = pieces[interval].map(({ toMs }) => new Date(toMs));
    return sql`
      select ${ROLL_UP[interval]}.* from ${ROLL_UP[interval]}
      join unnest(${since}::timestamptz[], ${until}::timestamptz[]) as piece(since, until)
        on slot >= piece.since and slot < piece.until
      where org_id = ${orgId}::uuid`;
  });
  return join(read, " union all ");
};

interface Question {
  orgId: string;
  /** Starts of the slots, ascending; the last ends at `toMs`. */
  slots: readonly number[];
  toMs: number;
  groupBy: keyof typeof GROUP_COLUMN;
  filter: Filter;
}

/** Sums by slot and group, from the coarsest roll-ups that fit; slots and groups without a request are absent. */
export async function sumBySlot(tx: Tx, { orgId, slots, toMs, groupBy, filter }: Question): Promise<SlotSums[]> {
  const starts = slots.map((ms) => new Date(ms));
  const rows = await tx.$queryRaw<(Omit<SlotSums, "costNano"> & { costNano: string })[]>`
    select width_bucket(slot, ${starts}::timestamptz[]) - 1 as slot, ${GROUP_COLUMN[groupBy]} as "groupId",
      sum(cost_nano)::text as "costNano", sum(requests)::float8 as requests,
      coalesce(sum(requests) filter (where status_class in ('4xx', '5xx')), 0)::float8 as errors,
      sum(unpriced)::float8 as unpriced, sum(cache_hits)::float8 as "cacheHits",
      sum(input_tokens)::float8 as "inputTokens", sum(output_tokens)::float8 as "outputTokens"
    from (${rowsOf(orgId, piecesOf([...slots, toMs]))}) as roll_up
    where true ${where(filter)}
    group by 1, 2
    order by 1, 2`;
  return rows.map((row) => ({ ...row, costNano: BigInt(row.costNano) }));
}

/** One row of what a range's roll-ups add up to, as `closed_month` keeps it; bounds are whole minutes. */
export const rangeFigures = (orgId: string, { fromMs, toMs }: Range): Sql => sql`
  select coalesce(sum(requests), 0)::bigint as requests, coalesce(sum(unpriced), 0)::bigint as unpriced,
    coalesce(sum(input_tokens), 0)::bigint as input_tokens, coalesce(sum(output_tokens), 0)::bigint as output_tokens,
    coalesce(sum(cost_nano), 0)::numeric as cost_nano
  from (${rowsOf(orgId, piecesOf([fromMs, toMs]))}) as roll_up`;

/** The whole range as one figure. */
export async function sumRange(tx: Tx, orgId: string, { fromMs, toMs }: Range, filter: Filter): Promise<RawSums> {
  return addUp(await sumBySlot(tx, { orgId, slots: [fromMs], toMs, groupBy: "none", filter }));
}

export const NOTHING: RawSums = {
  costNano: 0n,
  requests: 0,
  errors: 0,
  unpriced: 0,
  cacheHits: 0,
  inputTokens: 0,
  outputTokens: 0,
};

const add = (a: RawSums, b: RawSums): RawSums => ({
  costNano: a.costNano + b.costNano,
  requests: a.requests + b.requests,
  errors: a.errors + b.errors,
  unpriced: a.unpriced + b.unpriced,
  cacheHits: a.cacheHits + b.cacheHits,
  inputTokens: a.inputTokens + b.inputTokens,
  outputTokens: a.outputTokens + b.outputTokens,
});

export const addUp = (rows: readonly RawSums[]): RawSums => rows.reduce(add, NOTHING);

export const presentSums = ({ costNano, ...counts }: RawSums): Sums => ({ costUsd: usdString(costNano), ...counts });
