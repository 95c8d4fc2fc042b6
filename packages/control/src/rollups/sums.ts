import { type Sql, sql } from "@tollgate/db/query";
import type { Tx } from "@tollgate/db/with-tenant";
import { type Figures, readings } from "./readings.ts";
import type { Range } from "./slots.ts";

/** Sums as Postgres computes them; the cost is in nano-USD. */
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
  /** Index of the slot in the requested bounds. */
  slot: number;
  groupId: string;
}

/** Sums by slot and group, read from the coarsest roll-ups that fit. Slots and groups without a request are absent. */
export async function sumBySlot(tx: Tx, asked: Figures): Promise<SlotSums[]> {
  const rows = await tx.$queryRaw<(Omit<SlotSums, "costNano"> & { costNano: string })[]>`
    select slot, group_id as "groupId", sum(cost_nano)::text as "costNano", sum(requests)::float8 as requests,
      sum(errors)::float8 as errors, sum(unpriced)::float8 as unpriced, sum(cache_hits)::float8 as "cacheHits",
      sum(input_tokens)::float8 as "inputTokens", sum(output_tokens)::float8 as "outputTokens"
    from (${readings(asked)}) as readings
    group by 1, 2
    order by 1, 2`;
  return rows.map((row) => ({ ...row, costNano: BigInt(row.costNano) }));
}

/** SQL of one row: the sums of a range in the columns of `closed_month`. The bounds are whole minutes. */
export const rangeFigures = (orgId: string, { fromMs, toMs }: Range): Sql => sql`
  select coalesce(sum(requests), 0)::bigint as requests, coalesce(sum(unpriced), 0)::bigint as unpriced,
    coalesce(sum(input_tokens), 0)::bigint as input_tokens, coalesce(sum(output_tokens), 0)::bigint as output_tokens,
    coalesce(sum(cost_nano), 0)::numeric as cost_nano
  from (${readings({ orgId, slots: [fromMs], toMs, groupBy: "none", filter: {} })}) as readings`;

/** Sums of the whole range. */
export async function sumRange(
  tx: Tx,
  orgId: string,
  { fromMs, toMs }: Range,
  filter: Figures["filter"],
): Promise<RawSums> {
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
