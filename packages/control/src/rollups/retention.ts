import type { Interval } from "./slots.ts";

interface RollUpRetention {
  /** The table. */
  kind: string;
  /** Its slots. */
  bucket: Interval;
  /** How long it is kept after the end of its UTC day; null: for ever. */
  days: number | null;
}

/**
 * How long each roll-up is kept. Hours are kept for 13 months, so that days and months of 12 months are exact in any time
 * zone. `usage_kept` says what was deleted so far.
 */
export const ROLL_UP_RETENTION: readonly RollUpRetention[] = [
  { kind: "usage_minute", bucket: "minute", days: 2 },
  { kind: "usage_hour", bucket: "hour", days: 400 },
  { kind: "usage_group", bucket: "hour", days: 400 },
  { kind: "usage_label", bucket: "hour", days: 400 },
  { kind: "usage_attribution_hour", bucket: "hour", days: 400 },
  { kind: "usage_attribution_day", bucket: "day", days: 400 },
  { kind: "usage_latency", bucket: "hour", days: 400 },
  { kind: "usage_day", bucket: "day", days: null },
];
