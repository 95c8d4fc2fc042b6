import { ALL_KEPT, alignDown, type Kept } from "./kept.ts";
import type { Range } from "./slots.ts";
import { SPANS, type Span, spanEnd, spanStart, startsOf } from "./spans.ts";

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
  /** Whether the totals of a span have all its usage. */
  isSummed?: (span: "total" | "month", startMs: number) => boolean;
  /** Whether a piece may be subtracted: 23 hours are a day minus an hour. */
  subtract?: boolean;
}

const isTotal = (span: Span): span is "total" | "month" => span === "total" || span === "month";

/**
 * Covers the slots between ascending bounds (whole minutes) with the longest spans that fit, so no row of a roll-up crosses a
 * bound, for bounds of any time zone. Where minutes are not kept, bounds are moved back to whole slots of the hourly roll-ups, or
 * of the daily one where those are not kept either.
 */
export function piecesOf(
  boundsMs: readonly number[],
  { spans = ["hour", "day"], kept = ALL_KEPT, isSummed = () => true, subtract = false }: Ways = {},
): Pieces {
  const pieces: Pieces = { minute: [], hour: [], day: [], total: [], month: [] };
  const used = SPANS.filter((span) => span === "minute" || spans.includes(span));
  const read = (span: Span, slot: number, fromMs: number, toMs: number, sign: 1 | -1): void => {
    const last = pieces[span].at(-1);
    if (last?.toMs === fromMs && last.slot === slot && last.sign === sign) last.toMs = toMs;
    else if (fromMs < toMs) pieces[span].push({ slot, fromMs, toMs, sign });
  };
  const has = (span: Span, startMs: number): boolean => !isTotal(span) || isSummed(span, startMs);
  const cover = (at: number, slot: number, fromMs: number, toMs: number, sign: 1 | -1): void => {
    if (fromMs >= toMs) return;
    const span = used[at] ?? "minute";
    if (span === "minute") {
      read(span, slot, fromMs, toMs, sign);
      return;
    }
    // Before `minuteMs` every bound is one of the hourly slots, which can be within an hour.
    const isBound = (ms: number): boolean => span === "hour" && ms < kept.minuteMs;
    const down = (ms: number): number => (isBound(ms) ? ms : spanStart(ms, span));
    const up = (ms: number): number => (isBound(ms) ? ms : spanEnd(ms, span));
    const isNearer = (aMs: number, bMs: number, ms: number): boolean =>
      subtract && Math.abs(aMs - ms) < Math.abs(bMs - ms) && has(span, down(ms));
    const [first, last] = [
      isNearer(down(fromMs), up(fromMs), fromMs) ? down(fromMs) : up(fromMs),
      isNearer(up(toMs), down(toMs), toMs) ? up(toMs) : down(toMs),
    ];
    if (first >= last) {
      cover(at - 1, slot, fromMs, toMs, sign);
      return;
    }
    const other = sign === 1 ? -1 : 1;
    if (first < fromMs) cover(at - 1, slot, first, fromMs, other);
    else cover(at - 1, slot, fromMs, first, sign);
    if (isTotal(span))
      for (const startMs of startsOf(span, first, last)) {
        const endMs = spanStart(startMs, span, 1);
        if (has(span, startMs)) read(span, slot, startMs, endMs, sign);
        else cover(at - 1, slot, startMs, endMs, sign);
      }
    else read(span, slot, first, last, sign);
    if (last > toMs) cover(at - 1, slot, toMs, last, other);
    else cover(at - 1, slot, last, toMs, sign);
  };
  const bounds = boundsMs.map((ms) => alignDown(ms, kept));
  for (const [slot, toMs] of bounds.slice(1).entries()) cover(used.length - 1, slot, bounds[slot] ?? toMs, toMs, 1);
  return pieces;
}
