import { UNITS, type Units } from "@tollgate/catalog/units";
import { sql } from "@tollgate/db/query";
import type { Tx } from "@tollgate/db/with-tenant";
import { type AttributedQuestion, attributedReadings, attributedUse } from "./attributed-readings.ts";
import { ANY, NONE, UNREGISTERED } from "./attribution-kinds.ts";
import type { Kept } from "./kept.ts";
import { add, addUp, addUse, NO_USE, NOTHING, type RawSums, type SlotSums } from "./raw-sums.ts";
import { readings } from "./readings.ts";
import { readSums } from "./sum-rows.ts";
import { COLUMNS, SUMS, sumBySlot } from "./sums.ts";
import { type GroupSums, OTHER, type TopFigures } from "./top-groups.ts";
import { ROWS_MAX, SERIES_MAX } from "./top-sql.ts";
import { unitSql } from "./unit-sql.ts";

export interface AttributedFigures extends Omit<AttributedQuestion, "only"> {
  kept: Kept;
  /** Only this value; absent: all. */
  value?: string | undefined;
}

export const ALL = { groupBy: "none", filter: {} } as const;

/**
 * One statement, so that all figures are of one snapshot. `part`: a value of the table, the sum of a value in a slot, or all calls in a
 * slot. `rest`: values that are not in the table.
 */
function figuresSql({ value, kept, ...asked }: AttributedFigures) {
  const whole = { ...asked, slots: asked.slots.slice(0, 1) };
  const one = value === undefined ? {} : { only: sql`select ${value}` };
  const special = sql`value in (${ANY}, ${UNREGISTERED})`;
  return sql`
  with ranked as materialized (
    select *, row_number() over (order by ${special}, cost_nano desc, requests desc, value) as rank
    from (${attributedReadings({ ...whole, ...one })}) as whole
  )
  select case when rank <= ${ROWS_MAX} or ${special} then 'row' else 'rest' end as part, 0 as slot,
    case when rank <= ${ROWS_MAX} or ${special} then value else '' end as group_id, 0 as rank, count(*)::integer as groups, ${SUMS}
  from ranked group by 1, 3
  union all
  select 'series', slot, value, 0, 1, ${COLUMNS}
  from (${attributedReadings({ ...asked, only: sql`select value from ranked where rank <= ${SERIES_MAX} or ${special}` })}) as series
  union all
  select 'all', slot, '', 0, 0, ${COLUMNS} from (${readings({ ...asked, ...ALL, kept })}) as readings
  order by slot, group_id`;
}

const negativeUse = (use: RawSums["use"]): RawSums["use"] =>
  Object.fromEntries(Object.entries(use).map(([unit, amount]) => [unit, -amount]));

const less = (a: RawSums, b: RawSums): RawSums =>
  add(a, {
    costNano: -b.costNano,
    requests: -b.requests,
    errors: -b.errors,
    unpriced: -b.unpriced,
    cacheHits: -b.cacheHits,
    inputTokens: -b.inputTokens,
    outputTokens: -b.outputTokens,
    use: b.use === NO_USE ? NO_USE : negativeUse(b.use),
  });

const isNothing = ({ use, costNano, requests, unpriced }: RawSums): boolean =>
  costNano === 0n && requests === 0 && unpriced === 0 && Object.values(use).every((value) => !value);

const byCost = (a: GroupSums, b: GroupSums): number => Number(b.costNano - a.costNano) || b.requests - a.requests;

/** What was used of the units without a column, by value and by slot and value. It is rare, so it is read only where there is any. */
export async function readUse(tx: Tx, asked: AttributedFigures, units: Units) {
  const { others } = unitSql(units);
  const { value, kept: _, ...question } = asked;
  const one = value === undefined ? {} : { only: sql`select ${value}` };
  const rows = await tx.$queryRaw<({ slot: number; value: string } & Record<string, number | string | null>)[]>(
    attributedUse({ ...question, ...one }, units),
  );
  const [byValue, bySlot] = [new Map<string, RawSums["use"]>(), new Map<string, RawSums["use"]>()];
  for (const row of rows) {
    const use = Object.fromEntries(others.flatMap((id) => (row[id] ? [[id, Number(row[id])] as const] : [])));
    byValue.set(row.value, addUse(byValue.get(row.value) ?? NO_USE, use));
    bySlot.set(`${row.slot} ${row.value}`, use);
  }
  const total = value === undefined ? await sumBySlot(tx, { ...question, ...ALL, kept: asked.kept }, units) : [];
  for (const { slot, use } of total) bySlot.set(`${slot} `, use);
  return { byValue, bySlot };
}

/** Calls without a value, in each slot: all calls less those that have one. */
export function withoutValue(whole: readonly SlotSums[], valued: ReadonlyMap<number, SlotSums>): SlotSums[] {
  return whole
    .map((all) => ({ ...less(all, valued.get(all.slot) ?? NOTHING), slot: all.slot, groupId: NONE }))
    .filter((sums) => !isNothing(sums));
}

/**
 * The figures of a range by value: the values with the highest cost, those that are not shown by name together (`UNREGISTERED`), and
 * calls without a value (`NONE`). They add up to the total exactly, except tags: a call counts on each of its tags.
 */
export async function attributedFigures(tx: Tx, asked: AttributedFigures, units: Units = UNITS): Promise<TopFigures> {
  const { rows: found, hasUse } = await readSums(tx, figuresSql(asked));
  const uses = hasUse ? await readUse(tx, asked, units) : null;
  const parts = Map.groupBy(found, ({ part }) => part);
  const inSlots = (part: "series" | "all"): SlotSums[] =>
    (parts.get(part) ?? []).map((row) => {
      return { ...row, use: uses?.bySlot.get(`${row.slot} ${row.groupId}`) ?? NO_USE };
    });
  const [whole, series] = [inSlots("all"), inSlots("series")];
  const named = (parts.get("row") ?? []).flatMap((row) =>
    row.groupId === ANY ? [] : [{ ...row, use: uses?.byValue.get(row.groupId) ?? NO_USE }],
  );
  if (asked.value !== undefined) return { rows: named, other: null, series, total: addUp(named) };

  const valued = new Map(series.flatMap((sums) => (sums.groupId === ANY ? [[sums.slot, sums] as const] : [])));
  const without = withoutValue(whole, valued);
  const rows: GroupSums[] = without.length > 0 ? [...named, { ...addUp(without), groupId: NONE }] : named;
  rows.sort(byCost);
  const [rest] = parts.get("rest") ?? [];
  const inTable = new Set([ANY, ...rows.map(({ groupId }) => groupId)]);
  const restUse = [...(uses?.byValue ?? [])].flatMap(([value, use]) => (inTable.has(value) ? [] : [use]));
  const shown = new Set(rows.slice(0, SERIES_MAX).map(({ groupId }) => groupId));
  const drawn = [...series, ...without].filter(({ groupId }) => shown.has(groupId));
  // Tags overlap, so the calls of other tags cannot be told from the total.
  const isPart = asked.kind !== "tag" && (rest !== undefined || rows.length > shown.size);
  const drawnBySlot = Map.groupBy(drawn, ({ slot }) => slot);
  const others = whole.map((all) => {
    const left = (drawnBySlot.get(all.slot) ?? []).reduce(less, all as RawSums);
    return { ...left, slot: all.slot, groupId: OTHER };
  });
  return {
    rows,
    other: rest ? { ...rest, use: restUse.reduce(addUse, NO_USE), atLeast: false } : null,
    series: [...drawn, ...(isPart ? others.filter((sums) => !isNothing(sums)) : [])].sort((a, b) => a.slot - b.slot),
    total: addUp(whole),
  };
}

/** The sum of one value in a range of one slot. */
export const sumAttributed = async (tx: Tx, asked: AttributedFigures, units: Units = UNITS): Promise<RawSums> =>
  (await attributedFigures(tx, asked, units)).total;
