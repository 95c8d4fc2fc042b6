import { SLOT_MS } from "./slots.ts";

/**
 * Lengths of the slots of roll-ups, shortest first. Days and months are those of UTC. `total` and `month` are totals by one dimension;
 * `total` has the days of which there are totals, and `day` is the roll-up with every dimension.
 */
export const SPANS = ["minute", "hour", "day", "total", "month"] as const;
export type Span = (typeof SPANS)[number];

const lengthOf = (span: Exclude<Span, "month">): number => SLOT_MS[span === "total" ? "day" : span];

const startOfMonth = (atMs: number, step: number): number => {
  const at = new Date(atMs);
  return Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + step, 1);
};

/** Start of the span that contains the instant; with `step`, of one so many spans later. */
export function spanStart(atMs: number, span: Span, step = 0): number {
  if (span === "month") return startOfMonth(atMs, step);
  return (Math.floor(atMs / lengthOf(span)) + step) * lengthOf(span);
}

/** The starts of the spans in a range of whole spans. */
export function startsOf(span: Span, fromMs: number, toMs: number): number[] {
  const starts: number[] = [];
  for (let atMs = fromMs; atMs < toMs; atMs = spanStart(atMs, span, 1)) starts.push(atMs);
  return starts;
}
