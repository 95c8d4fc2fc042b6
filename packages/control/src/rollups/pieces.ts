import { ALL_KEPT, alignDown, type Kept } from "./kept.ts";
import type { Range } from "./slots.ts";
import { SPANS, type Span, spanStart, startsOf } from "./spans.ts";

/** A range within one slot. */
export interface Piece extends Range {
  /** Index of the slot. */
  slot: number;
  /** -1: its sums are subtracted. */
  sign: 1 | -1;
}

/** The pieces to read from the roll-ups of each span. */
export type Pieces = Record<Span, Piece[]>;

interface Ways {
  /** The roll-ups that may be used. Those by minute always are. */
  spans?: readonly Span[];
  kept?: Pick<Kept, "minuteMs" | "hourMs">;
  /** Days of which there are totals. Default: all. */
  totals?: Pick<Kept, "openMs" | "stale">;
  /** Whether a piece may be subtracted: 23 hours are a day minus an hour. */
  subtract?: boolean;
}

/** A month with more stale days is read by day. */
const STALE_MAX = 3;

const isTotal = (span: Span): boolean => span === "total" || span === "month";

/**
 * Covers the slots between ascending bounds (whole minutes) with the longest spans that fit, so no row of a roll-up crosses a
 * bound, for bounds of any time zone. Where minutes are not kept, bounds are moved back to whole slots of the hourly roll-ups, or
 * of the daily one where those are not kept either.
 */
export function piecesOf(
  boundsMs: readonly number[],
  { spans = ["hour", "day"], kept = ALL_KEPT, totals = ALL_KEPT, subtract = false }: Ways = {},
): Pieces {
  const pieces: Pieces = { minute: [], hour: [], day: [], total: [], month: [] };
  const used = SPANS.filter((span) => span === "minute" || spans.includes(span));
  const read = (span: Span, slot: number, fromMs: number, toMs: number, sign: 1 | -1): void => {
    const last = pieces[span].at(-1);
    if (last?.toMs === fromMs && last.slot === slot && last.sign === sign) last.toMs = toMs;
    else if (fromMs < toMs) pieces[span].push({ slot, fromMs, toMs, sign });
  };
  const { openMs, stale } = totals;
  const openMonthMs = Number.isFinite(openMs) ? spanStart(openMs, "month") : openMs;
  // The month that is under way has the days that are over, so it ends there.
  const start = (ms: number, span: Span): number =>
    span === "month" && ms >= openMs && spanStart(ms, span) === openMonthMs ? openMs : spanStart(ms, span);
  const next = (ms: number, span: Span): number =>
    span === "month" && ms < openMs && ms >= openMonthMs ? openMs : spanStart(ms, span, 1);
  const staleIn = (startMs: number, endMs: number): number[] =>
    stale.size === 0 ? [] : startsOf("total", startMs, endMs).filter((ms) => stale.has(ms));
  /** Whether totals can be read for the span. */
  const has = (span: Span, startMs: number): boolean => {
    if (!isTotal(span)) return true;
    const endMs = next(startMs, span);
    return endMs <= openMs && staleIn(startMs, endMs).length <= (span === "month" ? STALE_MAX : 0);
  };
  const cover = (at: number, slot: number, fromMs: number, toMs: number, sign: 1 | -1): void => {
    if (fromMs >= toMs) return;
    const span = used[at] ?? "minute";
    if (span === "minute") {
      read(span, slot, fromMs, toMs, sign);
      return;
    }
    // Before `minuteMs` every bound is one of the hourly slots, which can be within an hour.
    const isBound = (ms: number): boolean => span === "hour" && ms < kept.minuteMs;
    const down = (ms: number): number => (isBound(ms) ? ms : start(ms, span));
    const up = (ms: number): number => (isBound(ms) || start(ms, span) === ms ? ms : next(ms, span));
    const isNearer = (aMs: number, bMs: number, ms: number): boolean =>
      subtract && Math.abs(aMs - ms) < Math.abs(bMs - ms) && has(span, down(ms));
    const [first, last] = [
      isNearer(down(fromMs), up(fromMs), fromMs) ? down(fromMs) : up(fromMs),
      isNearer(up(toMs), down(toMs), toMs) ? up(toMs) : down(toMs),
    ];
    const subtractedMs = Math.max(0, fromMs - first) + Math.max(0, last - toMs);
    if (first >= last || subtractedMs >= toMs - fromMs) {
      cover(at - 1, slot, fromMs, toMs, sign);
      return;
    }
    const other = sign === 1 ? -1 : 1;
    if (first < fromMs) cover(at - 1, slot, first, fromMs, other);
    else cover(at - 1, slot, fromMs, first, sign);
    if (isTotal(span))
      for (let startMs = first; startMs < last; startMs = next(startMs, span)) {
        const endMs = next(startMs, span);
        if (!has(span, startMs)) cover(at - 1, slot, startMs, endMs, sign);
        else {
          read(span, slot, startMs, endMs, sign);
          // A month is the sum of its days' totals, whether these are stale or not.
          for (const ms of staleIn(startMs, endMs)) {
            read("total", slot, ms, spanStart(ms, "total", 1), sign === 1 ? -1 : 1);
            cover(at - 2, slot, ms, spanStart(ms, "total", 1), sign);
          }
        }
      }
    else read(span, slot, first, last, sign);
    if (last > toMs) cover(at - 1, slot, toMs, last, other);
    else cover(at - 1, slot, last, toMs, sign);
  };
  const bounds = boundsMs.map((ms) => alignDown(ms, kept));
  for (const [slot, toMs] of bounds.slice(1).entries()) cover(used.length - 1, slot, bounds[slot] ?? toMs, toMs, 1);
  return pieces;
}
