import { UNITS, type Units } from "@tollgate/catalog/units";
import { type Sql, sql } from "@tollgate/db/query";
import type { Tx } from "@tollgate/db/with-tenant";
import type { Kept } from "./kept.ts";
import { type Figures, readings, useReadings } from "./readings.ts";
import type { Range } from "./slots.ts";
import { unitSql } from "./unit-sql.ts";

/** Sums as Postgres computes them; the cost is in nano-USD. */
export interface RawSums {
  costNano: bigint;
  requests: number;
  errors: number;
  unpriced: number;
  cacheHits: number;
  inputTokens: number;
  outputTokens: number;
  /** Sums of the units that have no column in the ledger, such as images; what was not used is absent. */
  use: Readonly<Record<string, number>>;
}

export interface SlotSums extends RawSums {
  /** Index of the slot in the requested bounds. */
  slot: number;
  groupId: string;
}

/** Sums as a query returns them. `hasUse`: there may be other units. */
export type SumRow = Omit<RawSums, "costNano" | "use"> & { costNano: string; hasUse: boolean };
type Row = SumRow & Pick<SlotSums, "slot" | "groupId">;
type UseRow = { slot: number; sign: 1 | -1; groupId: string } & Record<string, number | string | null>;

export const keyOf = ({ slot, groupId }: Pick<SlotSums, "slot" | "groupId">): string => `${slot} ${groupId}`;

/** SQL of these columns, of one row of `readings`. */
export const COLUMNS = sql`cost_nano::text as "costNano", requests::float8, errors::float8, unpriced::float8,
  cache_hits::float8 as "cacheHits", input_tokens::float8 as "inputTokens", output_tokens::float8 as "outputTokens",
  has_use as "hasUse"`;

/** The same, summed over rows. */
export const SUM_COLUMNS = sql`sum(cost_nano)::text as "costNano", sum(requests)::float8 as requests,
  sum(errors)::float8 as errors, sum(unpriced)::float8 as unpriced, sum(cache_hits)::float8 as "cacheHits",
  sum(input_tokens)::float8 as "inputTokens", sum(output_tokens)::float8 as "outputTokens",
  bool_or(has_use) as "hasUse"`;

/** Sums of rows of `readings`, in the same columns. */
export const SUMS = sql`sum(cost_nano) as cost_nano, sum(requests) as requests, sum(errors) as errors,
  sum(unpriced) as unpriced, sum(cache_hits) as cache_hits, sum(input_tokens) as input_tokens,
  sum(output_tokens) as output_tokens, bool_or(has_use) as has_use`;

export const NO_USE: RawSums["use"] = Object.freeze({});

/** Sums of the units without a column, by slot and group. They are rare, so they are read only where there are any. */
export async function useBySlot(tx: Tx, asked: Figures, units: Units): Promise<ReadonlyMap<string, RawSums["use"]>> {
  const { others } = unitSql(units);
  const uses = new Map<string, RawSums["use"]>();
  if (others.length === 0) return uses;
  const rows = await tx.$queryRaw<UseRow[]>`
    select readings.*, group_id as "groupId" from (${useReadings(asked, units)}) as readings`;
  for (const row of rows) {
    const amounts = others.flatMap((id) => (row[id] ? [[id, row.sign * Number(row[id])] as const] : []));
    uses.set(keyOf(row), addUse(uses.get(keyOf(row)) ?? NO_USE, Object.fromEntries(amounts)));
  }
  return uses;
}

/** Sums by slot and group, read from the coarsest roll-ups that fit. Slots and groups without a request are absent. */
export async function sumBySlot(tx: Tx, asked: Figures, units = UNITS): Promise<SlotSums[]> {
  const rows = await tx.$queryRaw<Row[]>`
    select slot, group_id as "groupId", ${COLUMNS}
    from (${readings(asked)}) as readings
    order by 1, 2`;
  const uses = rows.some(({ hasUse }) => hasUse) ? await useBySlot(tx, asked, units) : null;
  return rows.map(({ costNano, hasUse: _, ...row }) => {
    return { ...row, costNano: BigInt(costNano), use: uses?.get(keyOf(row)) ?? NO_USE };
  });
}

/** SQL of one row: the sums of a range in the columns of `closed_month`. The bounds are whole minutes. */
export const rangeFigures = (orgId: string, { fromMs, toMs }: Range, kept: Kept): Sql => sql`
  select coalesce(sum(requests), 0)::bigint as requests, coalesce(sum(unpriced), 0)::bigint as unpriced,
    coalesce(sum(input_tokens), 0)::bigint as input_tokens, coalesce(sum(output_tokens), 0)::bigint as output_tokens,
    coalesce(sum(cost_nano), 0)::numeric as cost_nano
  from (${readings({ orgId, slots: [fromMs], toMs, groupBy: "none", filter: {}, kept })}) as readings`;

/** Sums of the whole range. */
export async function sumRange(
  tx: Tx,
  { fromMs, toMs }: Range,
  asked: Pick<Figures, "orgId" | "filter" | "kept">,
  units = UNITS,
): Promise<RawSums> {
  return addUp(await sumBySlot(tx, { ...asked, slots: [fromMs], toMs, groupBy: "none" }, units));
}

export const NOTHING: RawSums = {
  costNano: 0n,
  requests: 0,
  errors: 0,
  unpriced: 0,
  cacheHits: 0,
  inputTokens: 0,
  outputTokens: 0,
  use: NO_USE,
};

export const addUse = (a: RawSums["use"], b: RawSums["use"]): RawSums["use"] => {
  if (b === NO_USE) return a;
  const sum: Record<string, number> = { ...a };
  for (const [unit, amount] of Object.entries(b)) {
    sum[unit] = (sum[unit] ?? 0) + amount;
    if (sum[unit] === 0) delete sum[unit];
  }
  return sum;
};

export const add = (a: RawSums, b: RawSums): RawSums => ({
  costNano: a.costNano + b.costNano,
  requests: a.requests + b.requests,
  errors: a.errors + b.errors,
  unpriced: a.unpriced + b.unpriced,
  cacheHits: a.cacheHits + b.cacheHits,
  inputTokens: a.inputTokens + b.inputTokens,
  outputTokens: a.outputTokens + b.outputTokens,
  use: addUse(a.use, b.use),
});

export const addUp = (rows: readonly RawSums[]): RawSums => rows.reduce(add, NOTHING);
