import { SLOT_MS } from "./slots.ts";

/** Lengths of the slots of roll-ups, shortest first. Days, months and years are those of UTC. */
export const SPANS = ["minute", "hour", "day", "month", "year"] as const;
export type Span = (typeof SPANS)[number];

export const FINER = { hour: "minute", day: "hour", month: "day", year: "month" } as const;

const startOfMonth = (atMs: number, step: number): number => {
  const at = new Date(atMs);
  return Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + step, 1);
};

const startOfYear = (atMs: number, step: number): number => Date.UTC(new Date(atMs).getUTCFullYear() + step, 0, 1);

/** Start of the span that contains the instant; with `step`, of one so many spans later. */
export function spanStart(atMs: number, span: Span, step = 0): number {
  if (span === "month") return startOfMonth(atMs, step);
  if (span === "year") return startOfYear(atMs, step);
  return (Math.floor(atMs / SLOT_MS[span]) + step) * SLOT_MS[span];
}

/** The first start of a span at or after the instant. */
export function spanEnd(atMs: number, span: Span): number {
  const startMs = spanStart(atMs, span);
  return startMs === atMs ? atMs : spanStart(atMs, span, 1);
}

/** The starts of the spans in a range of whole spans. */
export function startsOf(span: Span, fromMs: number, toMs: number): number[] {
  const starts: number[] = [];
  for (let atMs = fromMs; atMs < toMs; atMs = spanStart(atMs, span, 1)) starts.push(atMs);
  return starts;
}
