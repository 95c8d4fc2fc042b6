import { UNITS, type Units } from "@tollgate/catalog/units";
import { type Sql, sql } from "@tollgate/db/query";
import type { Tx } from "@tollgate/db/with-tenant";
import type { Kept } from "./kept.ts";
import { addUp, addUse, NO_USE, type RawSums, type SlotSums } from "./raw-sums.ts";
import { type Figures, readings, useReadings } from "./readings.ts";
import type { Range } from "./slots.ts";
import { readSums } from "./sum-rows.ts";
import { unitSql } from "./unit-sql.ts";

type UseRow = { slot: number; sign: 1 | -1; groupId: string } & Record<string, number | string | null>;

export const keyOf = ({ slot, groupId }: Pick<SlotSums, "slot" | "groupId">): string => `${slot} ${groupId}`;

/** The columns of a row of `readings` that are sums. */
export const COLUMNS = sql`cost_nano, requests, errors, unpriced, cache_hits, input_tokens, output_tokens, has_use`;

/** The same, summed over rows. */
export const SUMS = sql`sum(cost_nano) as cost_nano, sum(requests) as requests, sum(errors) as errors,
  sum(unpriced) as unpriced, sum(cache_hits) as cache_hits, sum(input_tokens) as input_tokens,
  sum(output_tokens) as output_tokens, bool_or(has_use) as has_use`;

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
  const { rows, hasUse } = await readSums(
    tx,
    sql`select '' as part, slot, group_id, 0 as rank, 1 as groups, ${COLUMNS} from (${readings(asked)}) as readings order by slot, group_id`,
  );
  if (!hasUse) return rows;
  const uses = await useBySlot(tx, asked, units);
  return rows.map((row) => ({ ...row, use: uses.get(keyOf(row)) ?? NO_USE }));
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
