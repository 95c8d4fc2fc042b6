import { SLOT_MS } from "./slots.ts";

/** A range of one slot, read from the roll-up by day or by hour. */
export interface AttributedPiece {
  slot: number;
  /** -1: its sums are subtracted. */
  sign: 1 | -1;
  fromMs: number;
  toMs: number;
}

const nearestDay = (atMs: number): number => Math.round(atMs / SLOT_MS.day) * SLOT_MS.day;

/**
 * Covers slots between ascending bounds, which are bounds of hourly slots: with the nearest whole UTC days, and the hours by which
 * they differ. So a day of any time zone reads one UTC day and at most twelve hours at each end.
 */
export function attributedPieces(boundsMs: readonly number[]): Record<"day" | "hour", AttributedPiece[]> {
  const day: AttributedPiece[] = [];
  const hour: AttributedPiece[] = [];
  /** Adds the hours between two instants; subtracts them if they are in the other order. */
  const hours = (slot: number, fromMs: number, toMs: number): void => {
    if (fromMs < toMs) hour.push({ slot, sign: 1, fromMs, toMs });
    if (fromMs > toMs) hour.push({ slot, sign: -1, fromMs: toMs, toMs: fromMs });
  };
  for (const [slot, toMs] of boundsMs.slice(1).entries()) {
    const fromMs = boundsMs[slot] ?? toMs;
    const [first, last] = [nearestDay(fromMs), nearestDay(toMs)];
    if (first >= last) hours(slot, fromMs, toMs);
    else {
      hours(slot, fromMs, first);
      day.push({ slot, sign: 1, fromMs: first, toMs: last });
      hours(slot, last, toMs);
    }
  }
  return { day, hour };
}
