import { ALL_KEPT, alignDown, type Kept } from "./kept.ts";
import { type Interval, type Range, SLOT_MS } from "./slots.ts";

/** A range within one slot. */
export interface Piece extends Range {
  /** Index of the slot. */
  slot: number;
}

/** The pieces to read from each roll-up. */
export type Pieces = Record<Interval, Piece[]>;

const FINER = { day: "hour", hour: "minute" } as const;

/**
 * Covers the slots between ascending bounds (whole minutes) with whole UTC days where they fit, else whole hours, else
 * minutes. So no row of a roll-up crosses a bound, for bounds of any time zone. `coarsest` is the coarsest
 * roll-up to use. Where minutes are not kept, bounds are moved back to whole slots of the hourly roll-ups, or of the daily one
 * where those are not kept either.
 */
export function piecesOf(boundsMs: readonly number[], coarsest: Interval = "day", kept: Kept = ALL_KEPT): Pieces {
  const pieces: Pieces = { minute: [], hour: [], day: [] };
  const read = (interval: Interval, slot: number, fromMs: number, toMs: number): void => {
    const last = pieces[interval].at(-1);
    if (last?.toMs === fromMs && last.slot === slot) last.toMs = toMs;
    else if (fromMs < toMs) pieces[interval].push({ slot, fromMs, toMs });
  };
  const cover = (interval: Interval, slot: number, fromMs: number, toMs: number): void => {
    const size = SLOT_MS[interval];
    // Before `minuteMs` every bound is one of the hourly slots, which can be within an hour.
    const isBound = (ms: number): boolean => interval === "hour" && ms < kept.minuteMs;
    const first = isBound(fromMs) ? fromMs : Math.ceil(fromMs / size) * size;
    const last = isBound(toMs) ? toMs : Math.floor(toMs / size) * size;
    if (interval === "minute") read("minute", slot, fromMs, toMs);
    else if (first >= last) cover(FINER[interval], slot, fromMs, toMs);
    else {
      cover(FINER[interval], slot, fromMs, first);
      read(interval, slot, first, last);
      cover(FINER[interval], slot, last, toMs);
    }
  };
  const bounds = boundsMs.map((ms) => alignDown(ms, kept));
  for (const [slot, toMs] of bounds.slice(1).entries()) cover(coarsest, slot, bounds[slot] ?? toMs, toMs);
  return pieces;
}
