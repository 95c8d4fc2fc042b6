/** Epoch milliseconds, `[fromMs, toMs)`. */
export interface Range {
  fromMs: number;
  toMs: number;
}

export const INTERVALS = ["minute", "hour", "day"] as const;
export type Interval = (typeof INTERVALS)[number];

export const SLOT_MS: Record<Interval, number> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/** Start of the UTC day that contains the instant. Daily roll-ups and partitions of the ledger start there. */
export const utcDayStart = (atMs: number): number => Math.floor(atMs / SLOT_MS.day) * SLOT_MS.day;

/**
 * Hours (UTC) that hourly roll-ups divide at a minute, because a day begins there in some time zone: in India at 18:30, in
 * Nepal at 18:15. So days of every zone consist of whole slots.
 */
export const HOUR_SPLITS = [
  { minute: 30, hours: [2, 3, 9, 13, 14, 17, 18, 19, 20] },
  { minute: 15, hours: [10, 11, 15, 18] },
] as const;

/** Start of the slot of the hourly roll-ups that contains the instant. */
export function hourSlotStart(atMs: number): number {
  const startMs = Math.floor(atMs / SLOT_MS.hour) * SLOT_MS.hour;
  const hour = (startMs / SLOT_MS.hour) % 24;
  const passed = (atMs - startMs) / SLOT_MS.minute;
  const split = HOUR_SPLITS.find(({ minute, hours }) => passed >= minute && hours.some((each) => each === hour));
  return startMs + (split?.minute ?? 0) * SLOT_MS.minute;
}

/** A chart with more slots is unreadable. This also bounds the result of a query. */
const SLOTS_MAX = 400;

const zoned = (atMs: number, timeZone: string): Temporal.ZonedDateTime =>
  Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(timeZone);

/** Start of the slot that contains the instant, in the organisation's time zone. */
export function slotStart(atMs: number, interval: Interval, timeZone: string): number {
  const at = zoned(atMs, timeZone);
  const start = interval === "day" ? at.startOfDay() : at.round({ smallestUnit: interval, roundingMode: "floor" });
  return start.epochMilliseconds;
}

export const monthStart = (atMs: number, timeZone: string): number =>
  zoned(atMs, timeZone).with({ day: 1 }).startOfDay().epochMilliseconds;

/** Hours and minutes have a fixed length; a day has 23, 24 or 25 hours. */
function nextSlot(atMs: number, interval: Interval, timeZone: string): number {
  if (interval !== "day") return slotStart(atMs, interval, timeZone) + SLOT_MS[interval];
  return zoned(atMs, timeZone).startOfDay().add({ days: 1 }).startOfDay().epochMilliseconds;
}

/**
 * Starts of the slots of a range. The first one is the start of the range, which can be inside a slot. Hours before
 * `minutesSinceMs`, where minutes are not kept, are hours of UTC.
 */
export function slotsOf(
  { fromMs, toMs }: Range,
  interval: Interval,
  timeZone: string,
  minutesSinceMs = Number.NEGATIVE_INFINITY,
): number[] {
  const slots: number[] = [];
  for (let atMs = fromMs; atMs < toMs; ) {
    slots.push(atMs);
    atMs = nextSlot(atMs, interval, interval === "hour" && atMs < minutesSinceMs ? "UTC" : timeZone);
  }
  return slots;
}

export const fittingInterval = ({ fromMs, toMs }: Range): Interval => {
  const hours = (toMs - fromMs) / SLOT_MS.hour;
  if (hours <= 3) return "minute";
  return hours <= 96 ? "hour" : "day";
};

export const fits = ({ fromMs, toMs }: Range, interval: Interval): boolean =>
  (toMs - fromMs) / SLOT_MS[interval] <= SLOTS_MAX;
