import type { z } from "zod";
import { ownMember } from "../authorize.ts";
import { invalid } from "../fields.ts";
import { clockOf } from "../limits/clock.ts";
import { alignRange, readKept } from "../rollups/kept.ts";
import type { Figures } from "../rollups/readings.ts";
import { fits, fittingInterval, type Interval, type Range, slotsOf } from "../rollups/slots.ts";
import type { Work } from "../verb.ts";
import { monthRange } from "./month-range.ts";
import { rangeOf } from "./range.ts";
import type { GetSpend } from "./schemas.ts";

export type AskedSpend = Pick<Work<z.output<typeof GetSpend>>, "tx" | "ctx" | "reach" | "input">;

export interface SpendQuestion {
  range: Range;
  interval: Interval;
  timeZone: string;
  /** The query of the roll-ups. */
  asked: Figures;
  /** Starts of the slots, as text. */
  times: string[];
}

/** The range in whole slots of the roll-ups that are kept, its slots, and the filter of the actor's reach. */
export async function spendQuestion({ tx, ctx, reach, input }: AskedSpend): Promise<SpendQuestion> {
  const { from, to, month, groupBy, interval: wanted, ...filter } = input;
  const { orgId } = ctx;
  const clock = await clockOf(tx, ctx);
  const { timeZone, atMs } = clock;
  if (month && (from || to)) throw invalid({ month: "cannot be combined with from and to" });
  const kept = await readKept(tx, orgId);
  const named = month ? await monthRange(tx, orgId, month, clock) : rangeOf({ from, to }, atMs, timeZone);
  const range = alignRange(named, kept);
  const interval = wanted ?? fittingInterval(range);
  if (!fits(range, interval)) throw invalid({ interval: "too many slots in this range" });
  const finestMs = { minute: kept.minuteMs, hour: kept.hourMs, day: Number.NEGATIVE_INFINITY }[interval];
  if (range.fromMs < finestMs)
    throw invalid({ interval: `figures by ${interval} begin on ${new Date(finestMs).toISOString().slice(0, 10)}` });
  if (reach === "own") filter.memberId = ownMember(ctx);
  const slots = slotsOf(range, interval, timeZone, kept.minuteMs);
  const times = slots.map((ms) => new Date(ms).toISOString());
  return { range, interval, timeZone, times, asked: { orgId, slots, toMs: range.toMs, groupBy, filter, kept } };
}
