import { ALL_KEPT, alignDown, type Kept } from "./kept.ts";
import type { Range } from "./slots.ts";
import { FINER, type Span, spanEnd, spanStart } from "./spans.ts";

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
  /** The coarsest roll-up to use. */
  coarsest?: Span;
  kept?: Pick<Kept, "minuteMs" | "hourMs">;
  /** Whether a piece may be subtracted: 23 hours are a day minus an hour. */
  subtract?: boolean;
}

/**
 * Covers the slots between ascending bounds (whole minutes) with the longest spans that fit, so no row of a roll-up crosses a
 * bound, for bounds of any time zone. Where minutes are not kept, bounds are moved back to whole slots of the hourly roll-ups, or
 * of the daily one where those are not kept either.
 */
export function piecesOf(
  boundsMs: readonly number[],
  { coarsest = "day", kept = ALL_KEPT, subtract = false }: Ways = {},
): Pieces {
  const pieces: Pieces = { minute: [], hour: [], day: [], month: [], year: [] };
  const read = (span: Span, slot: number, fromMs: number, toMs: number, sign: 1 | -1): void => {
    const last = pieces[span].at(-1);
    if (last?.toMs === fromMs && last.slot === slot && last.sign === sign) last.toMs = toMs;
    else if (fromMs < toMs) pieces[span].push({ slot, fromMs, toMs, sign });
  };
  const cover = (span: Span, slot: number, fromMs: number, toMs: number, sign: 1 | -1): void => {
    if (fromMs >= toMs) return;
    if (span === "minute") {
      read(span, slot, fromMs, toMs, sign);
      return;
    }
    // Before `minuteMs` every bound is one of the hourly slots, which can be within an hour.
    const isBound = (ms: number): boolean => span === "hour" && ms < kept.minuteMs;
    const down = (ms: number): number => (isBound(ms) ? ms : spanStart(ms, span));
    const up = (ms: number): number => (isBound(ms) ? ms : spanEnd(ms, span));
    const [first, last] = [
      subtract && fromMs - down(fromMs) < up(fromMs) - fromMs ? down(fromMs) : up(fromMs),
      subtract && up(toMs) - toMs < toMs - down(toMs) ? up(toMs) : down(toMs),
    ];
    if (first >= last) {
      cover(FINER[span], slot, fromMs, toMs, sign);
      return;
    }
    const other = sign === 1 ? -1 : 1;
    if (first < fromMs) cover(FINER[span], slot, first, fromMs, other);
    else cover(FINER[span], slot, fromMs, first, sign);
    read(span, slot, first, last, sign);
    if (last > toMs) cover(FINER[span], slot, toMs, last, other);
    else cover(FINER[span], slot, last, toMs, sign);
  };
  const bounds = boundsMs.map((ms) => alignDown(ms, kept));
  for (const [slot, toMs] of bounds.slice(1).entries()) cover(coarsest, slot, bounds[slot] ?? toMs, toMs, 1);
  return pieces;
}
