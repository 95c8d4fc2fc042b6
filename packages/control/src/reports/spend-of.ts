import { UNITS } from "@tollgate/catalog/units";
import type { Tx } from "@tollgate/db/with-tenant";
import type { z } from "zod";
import { ownMember } from "../authorize.ts";
import { invalid } from "../fields.ts";
import { clockOf } from "../limits/clock.ts";
import { alignRange, readKept } from "../rollups/kept.ts";
import type { Figures } from "../rollups/readings.ts";
import { fits, fittingInterval, slotsOf } from "../rollups/slots.ts";
import { addUp, sumBySlot, sumRange } from "../rollups/sums.ts";
import { OTHER, type TopFigures, topFigures } from "../rollups/top-groups.ts";
import type { Work } from "../verb.ts";
import { groupLabels } from "./group-labels.ts";
import { lastReconciled } from "./last-reconciled.ts";
import { lateLines, linesFor } from "./late-lines.ts";
import { monthRange } from "./month-range.ts";
import { presentSums } from "./present-sums.ts";
import { previousRange, rangeOf } from "./range.ts";
import type { GetSpend, Spend } from "./schemas.ts";

type Asked = Pick<Work<z.output<typeof GetSpend>>, "tx" | "ctx" | "reach" | "input">;

/** The figures of every group. */
export async function allFigures(tx: Tx, asked: Figures, units = UNITS): Promise<TopFigures> {
  const series = await sumBySlot(tx, asked, units);
  const byGroup = Map.groupBy(series, ({ groupId }) => groupId);
  const rows = [...byGroup].map(([groupId, group]) => ({ groupId, ...addUp(group) }));
  rows.sort((a, b) => Number(b.costNano - a.costNano) || b.requests - a.requests);
  return { rows, other: null, series, total: addUp(series) };
}

/** Spend by slot and group. Table, chart and total have the same sums. */
export async function spendOf({ tx, ctx, reach, input }: Asked, units = UNITS, read = topFigures): Promise<Spend> {
  const { from, to, month, groupBy, interval: asked, ...filter } = input;
  const { orgId } = ctx;
  const clock = await clockOf(tx, ctx);
  const { timeZone, atMs } = clock;
  if (month && (from || to)) throw invalid({ month: "cannot be combined with from and to" });
  const kept = await readKept(tx, orgId);
  const named = month ? await monthRange(tx, orgId, month, clock) : rangeOf({ from, to }, atMs, timeZone);
  const range = alignRange(named, kept);
  const interval = asked ?? fittingInterval(range);
  if (!fits(range, interval)) throw invalid({ interval: "too many slots in this range" });
  const finestMs = { minute: kept.minuteMs, hour: kept.hourMs, day: Number.NEGATIVE_INFINITY }[interval];
  if (range.fromMs < finestMs)
    throw invalid({ interval: `figures by ${interval} begin on ${new Date(finestMs).toISOString().slice(0, 10)}` });
  if (reach === "own") filter.memberId = ownMember(ctx);
  const slots = slotsOf(range, interval, timeZone, kept.minuteMs);
  const figures = await read(tx, { orgId, slots, toMs: range.toMs, groupBy, filter, kept }, units);
  const ids = figures.rows.map(({ groupId }) => groupId);
  const labelOf = await groupLabels(tx, orgId, groupBy, ids);
  const rows = figures.rows.map(({ groupId, ...sums }) => ({ groupId, ...labelOf(groupId), ...presentSums(sums) }));
  const groups = rows.map(({ groupId: id, label, deleted }) => ({ id, label, deleted }));
  if (figures.series.some(({ groupId }) => groupId === OTHER))
    groups.push({ id: OTHER, label: "Other", deleted: false });
  const before = alignRange(previousRange(range), kept);
  const times = slots.map((ms) => new Date(ms).toISOString());
  return {
    from: new Date(range.fromMs).toISOString(),
    to: new Date(range.toMs).toISOString(),
    interval,
    timeZone,
    slots: times,
    groups,
    series: figures.series.map((row) => ({ ...presentSums(row), slot: times[row.slot] ?? "", groupId: row.groupId })),
    rows,
    other: figures.other && { ...presentSums(figures.other), groups: figures.other.groups },
    total: presentSums(figures.total),
    previousTotal: presentSums(await sumRange(tx, before, { orgId, filter, kept }, units)),
    adjustments: await lateLines(tx, orgId, range, filter),
    later: month ? await linesFor(tx, orgId, month, filter) : null,
    lastReconciledAt: await lastReconciled(tx, orgId),
  };
}
