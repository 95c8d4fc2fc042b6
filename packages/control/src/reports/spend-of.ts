import { UNITS } from "@tollgate/catalog/units";
import { attributedFigures } from "../rollups/attributed-figures.ts";
import { alignRange } from "../rollups/kept.ts";
import { OTHER, topFigures } from "../rollups/top-groups.ts";
import { attributionNote, isOfValue, valueLabel } from "./attribution.ts";
import { groupLabels } from "./group-labels.ts";
import { presentSums } from "./present-sums.ts";
import { previousRange } from "./range.ts";
import type { Spend } from "./schemas.ts";
import { spendNotes } from "./spend-notes.ts";
import { type AskedSpend, spendQuestion } from "./spend-question.ts";
import { sumSpend } from "./sum-spend.ts";

/** Spend by slot and group. Table, chart and total have the same sums. */
export async function spendOf(work: AskedSpend, units = UNITS): Promise<Spend> {
  const { tx, input } = work;
  const { range, interval, timeZone, asked, attributed, times } = await spendQuestion(work);
  const { orgId, groupBy, filter, kept } = asked;
  const before = alignRange(previousRange(range), kept);
  const figures = attributed
    ? {
        ...(await attributedFigures(tx, attributed, units)),
        previous: await sumSpend(tx, before, { asked, attributed }, units),
      }
    : await topFigures(tx, asked, before, units);
  const ids = figures.rows.map(({ groupId }) => groupId);
  const labelOf = attributed ? valueLabel(attributed) : await groupLabels(tx, orgId, groupBy, ids);
  const rows = figures.rows.map(({ groupId, ...sums }) => ({ groupId, ...labelOf(groupId), ...presentSums(sums) }));
  const groups = rows.map(({ groupId: id, label, deleted }) => ({ id, label, deleted }));
  if (figures.series.some(({ groupId }) => groupId === OTHER))
    groups.push({ id: OTHER, label: "Other", deleted: false });
  const notes = await spendNotes(tx, {
    ...{ orgId, range, filter, month: input.month },
    isOf: attributed && isOfValue(attributed),
  });
  return {
    from: new Date(range.fromMs).toISOString(),
    to: new Date(range.toMs).toISOString(),
    interval,
    timeZone,
    slots: times,
    groups,
    series: figures.series.map((row) => ({ ...presentSums(row), slot: times[row.slot] ?? "", groupId: row.groupId })),
    rows,
    other: figures.other && {
      ...presentSums(figures.other),
      groups: figures.other.groups,
      atLeast: figures.other.atLeast,
    },
    total: presentSums(figures.total),
    previousTotal: presentSums(figures.previous),
    ...notes,
    attribution: attributed && (await attributionNote(tx, orgId, attributed, range)),
  };
}
