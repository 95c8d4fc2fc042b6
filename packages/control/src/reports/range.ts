import { invalid } from "../fields.ts";
import { monthStart, type Range } from "../rollups/slots.ts";

const MINUTE_MS = 60_000;
const DAYS_MAX = 400;

interface Asked {
  from?: string | undefined;
  to?: string | undefined;
}

/**
 * The requested range in whole minutes; by default the current month until now. Throws `validation_failed` when it is empty
 * or longer than 13 months.
 */
export function rangeOf({ from, to }: Asked, nowMs: number, timeZone: string): Range {
  const until = to === undefined ? nowMs : Date.parse(to);
  const since = from === undefined ? monthStart(until, timeZone) : Date.parse(from);
  const fromMs = Math.floor(since / MINUTE_MS) * MINUTE_MS;
  const toMs = Math.ceil(until / MINUTE_MS) * MINUTE_MS;
  if (fromMs >= toMs) throw invalid({ from: "must be before the end" });
  if (toMs - fromMs > DAYS_MAX * 86_400_000) throw invalid({ from: "at most 13 months" });
  return { fromMs, toMs };
}

/** The range of the same length that ends where this one begins. */
export const previousRange = ({ fromMs, toMs }: Range): Range => ({ fromMs: fromMs - (toMs - fromMs), toMs: fromMs });
