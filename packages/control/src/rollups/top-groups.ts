import { UNITS, type Units } from "@tollgate/catalog/units";
import { type Sql, sql } from "@tollgate/db/query";
import type { Tx } from "@tollgate/db/with-tenant";
import { type Figures, readings, SLOTS_AT_ONCE } from "./readings.ts";
import { GROUP_KINDS } from "./roll-up-sql.ts";
import {
  add,
  addUp,
  addUse,
  COLUMNS,
  keyOf,
  NO_USE,
  type RawSums,
  type SlotSums,
  SUM_COLUMNS,
  SUMS,
  type SumRow,
  useBySlot,
} from "./sums.ts";
import { type Candidates, candidateKeys, SEEN_MAX } from "./top-keys.ts";

/** Groups in the table of a report, and in its chart. The others are summed up. */
export const ROWS_MAX = 100;
export const SERIES_MAX = 11;
/** The id of the chart's other groups: no id, and no name of a model. */
export const OTHER = "*other";

export interface GroupSums extends RawSums {
  groupId: string;
}

export interface TopFigures {
  /** The groups with the highest cost, highest first. */
  rows: GroupSums[];
  /** The sum of all other groups; null: there is none. `atLeast`: there may be more groups than that. */
  other: (RawSums & { groups: number; atLeast: boolean }) | null;
  /** By slot: the first `SERIES_MAX` groups, and `OTHER` for the others. */
  series: SlotSums[];
  total: RawSums;
}

/** `part`: a group of the table (rank `ROWS_MAX + 1` is all others), a group of the chart in a slot, or all groups in a slot. */
type Row = SumRow & { part: "row" | "series" | "all"; slot: number; rank: number; groupId: string; groups: number };

const RANK = sql`row_number() over (order by cost_nano desc, requests desc, group_id)`;

const amongSql = (ids: readonly string[] | null) => (ids ? { only: sql`select unnest(${ids}::text[])` } : {});

/** The columns of `readings` and `rank`: every group of the range, or those `among` the given ones. */
const ranked = (asked: Figures, among: readonly string[] | null): Sql => sql`
  select readings.*, ${RANK} as rank
  from (${readings({ ...asked, slots: asked.slots.slice(0, 1), ...amongSql(among) })}) as readings`;

const isReadAtOnce = ({ groupBy, slots }: Figures): boolean =>
  GROUP_KINDS.includes(groupBy) && slots.length <= SLOTS_AT_ONCE;

/** Rows of `readings`: `ranked` has each group of the range, `series` those of the chart by slot, and `whole` all groups by slot. */
function partsOf(asked: Figures, among: readonly string[] | null): Sql {
  if (isReadAtOnce(asked))
    return sql`
  with figures as materialized (${readings(asked)}),
  ranked as materialized (
    select sums.*, ${RANK} as rank from (select group_id, ${SUMS} from figures group by group_id) as sums
  ),
  series as (select * from figures where group_id in (select group_id from ranked where rank <= ${SERIES_MAX})),
  whole as (select slot, ${SUMS} from figures group by slot)`;
  const shown = sql`select group_id from ranked where rank <= ${SERIES_MAX}`;
  return sql`
  with ranked as materialized (${ranked(asked, among)}),
  series as (${readings({ ...asked, only: shown })}),
  whole as (${readings({ ...asked, groupBy: "none" })})`;
}

/** One statement, so that table, chart and total are of one snapshot. */
export const topSql = (asked: Figures, among: readonly string[] | null = null): Sql => sql`
  ${partsOf(asked, among)}
  select 'row' as part, 0 as slot, least(rank, ${ROWS_MAX + 1})::integer as rank, min(group_id) as "groupId",
    count(*)::integer as groups, ${SUM_COLUMNS}
  from ranked group by 3
  union all
  select 'series', slot, 0, group_id, 1, ${COLUMNS} from series
  union all
  select 'all', slot, 0, '', 0, ${COLUMNS} from whole
  order by 1, 2, 3, 4`;

const sumsOf = ({ costNano, requests, errors, unpriced, cacheHits, inputTokens, outputTokens }: SumRow): RawSums => ({
  costNano: BigInt(costNano),
  ...{ requests, errors, unpriced, cacheHits, inputTokens, outputTokens },
  use: NO_USE,
});

const negative = (sums: RawSums): RawSums => ({
  costNano: -sums.costNano,
  requests: -sums.requests,
  errors: -sums.errors,
  unpriced: -sums.unpriced,
  cacheHits: -sums.cacheHits,
  inputTokens: -sums.inputTokens,
  outputTokens: -sums.outputTokens,
  use: NO_USE,
});

const isNothing = ({ use: _, ...sums }: RawSums): boolean => Object.values(sums).every((value) => !value);

/** Adds the units without a column. They are rare, so they are read only where there are any. */
async function withUse(tx: Tx, asked: Figures, figures: TopFigures, units: Units): Promise<TopFigures> {
  const { rows, other, series, total } = figures;
  const inChart = new Set(rows.slice(0, SERIES_MAX).map(({ groupId }) => groupId));
  const inTable = new Set(rows.map(({ groupId }) => groupId));
  const bySlot = new Map<string, RawSums["use"]>();
  const byRow = new Map<string, RawSums["use"]>();
  let all = NO_USE;
  for (const [key, use] of await useBySlot(tx, asked, units)) {
    const [slot, ...rest] = key.split(" ");
    const group = rest.join(" ");
    const seen = keyOf({ slot: Number(slot), groupId: inChart.has(group) ? group : OTHER });
    bySlot.set(seen, addUse(bySlot.get(seen) ?? NO_USE, use));
    const row = inTable.has(group) ? group : OTHER;
    byRow.set(row, addUse(byRow.get(row) ?? NO_USE, use));
    all = addUse(all, use);
  }
  return {
    rows: rows.map((row) => ({ ...row, use: byRow.get(row.groupId) ?? NO_USE })),
    other: other && { ...other, use: byRow.get(OTHER) ?? NO_USE },
    series: series.map((row) => ({ ...row, use: bySlot.get(keyOf(row)) ?? NO_USE })),
    total: { ...total, use: all },
  };
}

/** Whether the first `wanted` of these rows are the highest of all groups. A group with the same cost could be ranked before the last. */
const areHighest = (rows: readonly { costNano: bigint }[], wanted: number, { restMost }: Candidates): boolean =>
  restMost === null || (rows[wanted - 1]?.costNano ?? restMost) > restMost;

function figuresOf(found: readonly Row[], candidates: Candidates | null): TopFigures | null {
  const parts = Map.groupBy(found, ({ part }) => part);
  const [inTable = [], inChart = [], whole = []] = (["row", "series", "all"] as const).map(
    (part) => parts.get(part) ?? [],
  );
  const rest = inTable.find(({ rank }) => rank > ROWS_MAX);
  const rows = inTable.flatMap((row) => (row === rest ? [] : [{ ...sumsOf(row), groupId: row.groupId }]));
  const total = addUp(whole.map(sumsOf));
  const isPart = candidates !== null && candidates.restMost !== null;
  if (isPart && !areHighest(rows, ROWS_MAX, candidates)) return null;
  const series: SlotSums[] = inChart.map((row) => ({ ...sumsOf(row), slot: row.slot, groupId: row.groupId }));
  const shown = Map.groupBy(series, ({ slot }) => slot);
  const others = whole.map((row) => {
    const left = (shown.get(row.slot) ?? []).reduce<RawSums>((sum, each) => add(sum, negative(each)), sumsOf(row));
    return { ...left, slot: row.slot, groupId: OTHER };
  });
  const groups = isPart ? candidates.keys - rows.length : (rest?.groups ?? 0);
  const left = isPart ? add(total, negative(addUp(rows))) : rest && sumsOf(rest);
  const figures = {
    rows,
    other: left ? { ...left, groups, atLeast: isPart && !candidates.isCounted } : null,
    series: rows.length > SERIES_MAX ? [...series, ...others.filter((sums) => !isNothing(sums))] : series,
    total,
  };
  figures.series.sort((a, b) => a.slot - b.slot);
  return figures;
}

/**
 * Calls `read` with the groups among which the highest are, and if that is not certain, with more and then with all of them. `read`
 * returns null if it is not certain.
 */
async function readHighest<T>(
  tx: Tx,
  asked: Figures,
  wanted: number,
  read: (candidates: Candidates | null) => Promise<T | null>,
): Promise<T> {
  for (const seenMax of SEEN_MAX) {
    const candidates = await candidateKeys(tx, asked, wanted, seenMax);
    const figures = candidates && (await read(candidates));
    if (figures) return figures;
    if (!candidates) break;
  }
  const all = await read(null);
  if (!all) throw new Error("no figures of all groups");
  return all;
}

/** The figures of a range: exact sums of the top groups, of all others together, and of the whole. */
export const topFigures = (tx: Tx, asked: Figures, units: Units = UNITS): Promise<TopFigures> =>
  readHighest(tx, asked, ROWS_MAX, async (candidates) => {
    const found = await tx.$queryRaw<Row[]>(topSql(asked, candidates?.ids));
    const figures = figuresOf(found, candidates);
    return figures && found.some(({ hasUse }) => hasUse) ? withUse(tx, asked, figures, units) : figures;
  });

/** The groups of a range with the highest cost, highest first. */
export const topGroups = (tx: Tx, asked: Figures, most: number) =>
  readHighest(tx, asked, most, async (candidates) => {
    const found = await tx.$queryRaw<{ groupId: string; costNano: string; requests: number }[]>`
      select group_id as "groupId", cost_nano::text as "costNano", requests::float8 as requests
      from (${ranked(asked, candidates?.ids ?? null)}) as ranked where rank <= ${most} order by rank`;
    const rows = found.map(({ costNano, ...row }) => ({ ...row, costNano: BigInt(costNano) }));
    return !candidates || areHighest(rows, most, candidates) ? rows : null;
  });
