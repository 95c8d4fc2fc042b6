import { type Interval, type Range, SLOT_MS } from "./slots.ts";

/** Which ranges to read from which roll-up. */
export type Pieces = Record<Interval, Range[]>;

const FINER = { day: "hour", hour: "minute" } as const;

/**
 * Covers the ranges between ascending bounds (whole minutes) with whole UTC days where they fit, else whole hours, else
 * minutes: so no row of a roll-up lies across a bound, in whatever zone the bounds were drawn.
 */
export function piecesOf(boundsMs: readonly number[]): Pieces {
  const pieces: Pieces = { minute: [], hour: [], day: [] };
  const read = (interval: Interval, fromMs: number, toMs: number): void => {
    const last = pieces[interval].at(-1);
    if (last?.toMs === fromMs) last.toMs = toMs;
    else if (fromMs < toMs) pieces[interval].push({ fromMs, toMs });
  };
  const cover = (interval: Interval, fromMs: number, toMs: number): void => {
    const size = SLOT_MS[interval];
    const first = Math.ceil(fromMs / size) * size;
    const last = Math.floor(toMs / size) * size;
    if (interval === "minute") read("minute", fromMs, toMs);
    else if (first >= last) cover(FINER[interval], fromMs, toMs);
    else {
      cover(FINER[interval], fromMs, first);
      read(interval, first, last);
      cover(FINER[interval], last, toMs);
    }
  };
  for (const [index, toMs] of boundsMs.slice(1).entries()) cover("day", boundsMs[index] ?? toMs, toMs);
  return pieces;
}
