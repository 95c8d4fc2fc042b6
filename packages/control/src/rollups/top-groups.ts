import { UNITS, type Units } from "@tollgate/catalog/units";
import type { Tx } from "@tollgate/db/with-tenant";
import { add, addUp, addUse, NO_USE, type RawSums, type SlotSums } from "./raw-sums.ts";
import type { Figures } from "./readings.ts";
import type { Range } from "./slots.ts";
import { readSums, type SumRow } from "./sum-rows.ts";
import { keyOf, sumRange, useBySlot } from "./sums.ts";
import { type Candidates, candidateKeys, SEEN_MAX } from "./top-keys.ts";
import { isReadTogether, ROWS_MAX, rankedSql, SERIES_MAX, topSql } from "./top-sql.ts";

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

export interface ComparedFigures extends TopFigures {
  /** The sum of the period before. */
  previous: RawSums;
}

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
async function withUse(tx: Tx, asked: Figures, figures: ComparedFigures, units: Units): Promise<ComparedFigures> {
  const { rows, other, series, total, previous } = figures;
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
    previous,
  };
}

/** Whether the first `wanted` of these rows are the highest of all groups. A group with the same cost could be ranked before the last. */
const areHighest = (rows: readonly { costNano: bigint }[], wanted: number, { restMost }: Candidates): boolean =>
  restMost === null || (rows[wanted - 1]?.costNano ?? restMost) > restMost;

function figuresOf(found: readonly SumRow[], candidates: Candidates | null): ComparedFigures | null {
  const parts = Map.groupBy(found, ({ part }) => part);
  const [inTable = [], inChart = [], all = []] = (["row", "series", "all"] as const).map(
    (part) => parts.get(part) ?? [],
  );
  const [before, whole] = [all.filter(({ slot }) => slot < 0), all.filter(({ slot }) => slot >= 0)];
  const rest = inTable.find(({ rank }) => rank > ROWS_MAX);
  const rows = inTable.filter((row) => row !== rest);
  const total = addUp(whole);
  const isPart = candidates !== null && candidates.restMost !== null;
  if (isPart && !areHighest(rows, ROWS_MAX, candidates)) return null;
  const series: SlotSums[] = inChart.map((row) => ({ ...row, groupId: rows[row.rank - 1]?.groupId ?? "" }));
  const shown = Map.groupBy(series, ({ slot }) => slot);
  const others = whole.map((row) => {
    const left = (shown.get(row.slot) ?? []).reduce<RawSums>((sum, each) => add(sum, negative(each)), row);
    return { ...left, slot: row.slot, groupId: OTHER };
  });
  const groups = isPart ? candidates.keys - rows.length : (rest?.groups ?? 0);
  const left = isPart ? add(total, negative(addUp(rows))) : rest;
  const figures = {
    rows,
    other: left ? { ...left, groups, atLeast: isPart && !candidates.isCounted } : null,
    series: rows.length > SERIES_MAX ? [...series, ...others.filter((sums) => !isNothing(sums))] : series,
    total,
    previous: addUp(before),
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

/** The figures of a range: exact sums of the top groups, of all others together, of the whole, and of the period before. */
export const topFigures = (tx: Tx, asked: Figures, before: Range, units: Units = UNITS): Promise<ComparedFigures> =>
  readHighest(tx, asked, ROWS_MAX, async (candidates) => {
    const together = isReadTogether(asked, before.fromMs);
    const { rows, hasUse } = await readSums(tx, topSql(asked, candidates?.ids, together ? before.fromMs : null));
    const figures = figuresOf(rows, candidates);
    if (!figures || (together && !hasUse)) return figures;
    const all = { ...figures, previous: await sumRange(tx, before, asked, units) };
    return hasUse ? withUse(tx, asked, all, units) : all;
  });

/** The groups of a range with the highest cost, highest first. */
export const topGroups = (tx: Tx, asked: Figures, most: number) =>
  readHighest(tx, asked, most, async (candidates) => {
    const found = await tx.$queryRaw<{ groupId: string; costNano: string; requests: number }[]>`
      select group_id as "groupId", cost_nano::text as "costNano", requests::float8 as requests
      from (${rankedSql(asked, candidates?.ids ?? null)}) as ranked where rank <= ${most} order by rank`;
    const rows = found.map(({ costNano, ...row }) => ({ ...row, costNano: BigInt(costNano) }));
    return !candidates || areHighest(rows, most, candidates) ? rows : null;
  });
