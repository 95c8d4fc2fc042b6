import type { z } from "zod";
import { ownMember } from "../authorize.ts";
import { invalid } from "../fields.ts";
import type { AttributedFigures } from "../rollups/attributed-figures.ts";
import { alignRange, type Kept } from "../rollups/kept.ts";
import type { Figures } from "../rollups/readings.ts";
import { fits, fittingInterval, type Interval, type Range, slotsOf } from "../rollups/slots.ts";
import type { Filter } from "../rollups/sources.ts";
import type { Work } from "../verb.ts";
import { type Attribution, attributionOf } from "./attribution.ts";
import { readCalendar } from "./calendar.ts";
import { monthRange } from "./month-range.ts";
import { rangeOf } from "./range.ts";
import { type GetSpend, GROUPS } from "./schemas.ts";

export type AskedSpend = Pick<Work<z.output<typeof GetSpend>>, "tx" | "ctx" | "reach" | "input">;

export interface SpendQuestion {
  range: Range;
  interval: Interval;
  timeZone: string;
  /** The query of the roll-ups. By values, that of all usage. */
  asked: Figures;
  /** The query by values; null: the report is by a dimension. */
  attributed: (AttributedFigures & Attribution) | null;
  /** Starts of the slots, as text. */
  times: string[];
}

const dayOf = (atMs: number): string => new Date(atMs).toISOString().slice(0, 10);

const filterOf = ({ keyId, teamId, memberId, model, provider }: z.output<typeof GetSpend>): Filter => ({
  ...{ keyId, teamId, memberId, model, provider },
});

function checkAttributed({ group }: Attribution, { fromMs }: Range, { hourMs }: Kept, wanted: Interval | undefined) {
  if (fromMs < hourMs) throw invalid({ from: `figures by ${group} begin on ${dayOf(hourMs)}` });
  if (wanted === "minute") throw invalid({ interval: `figures by ${group} are by hour or day` });
}

/** The range in whole slots of the roll-ups that are kept, its slots, and the filter of the actor's reach. */
export async function spendQuestion({ tx, ctx, reach, input }: AskedSpend): Promise<SpendQuestion> {
  const { from, to, month, groupBy, interval: wanted } = input;
  const attribution = attributionOf(input, reach);
  const filter = filterOf(input);
  const { orgId } = ctx;
  const { clock, kept: stored } = await readCalendar(tx, ctx);
  const { timeZone, atMs } = clock;
  if (month && (from || to)) throw invalid({ month: "cannot be combined with from and to" });
  // Figures by value are kept by hour and day.
  const kept = attribution ? { ...stored, minuteMs: Number.POSITIVE_INFINITY } : stored;
  const named = month ? await monthRange(tx, orgId, month, clock) : rangeOf({ from, to }, atMs, timeZone);
  const range = alignRange(named, kept);
  if (attribution) checkAttributed(attribution, range, kept, wanted);
  const fitting = fittingInterval(range);
  const interval = wanted ?? (attribution && fitting === "minute" ? "hour" : fitting);
  if (!fits(range, interval)) throw invalid({ interval: "too many slots in this range" });
  const finestMs = { minute: kept.minuteMs, hour: kept.hourMs, day: Number.NEGATIVE_INFINITY }[interval];
  if (range.fromMs < finestMs) throw invalid({ interval: `figures by ${interval} begin on ${dayOf(finestMs)}` });
  if (reach === "own") filter.memberId = ownMember(ctx);
  const slots = slotsOf(range, interval, timeZone, kept.minuteMs);
  const times = slots.map((ms) => new Date(ms).toISOString());
  const common = { orgId, slots, toMs: range.toMs, kept };
  return {
    ...{ range, interval, timeZone, times },
    asked: { ...common, groupBy: GROUPS.find((group) => group === groupBy) ?? "none", filter },
    attributed: attribution && { ...common, ...attribution },
  };
}
