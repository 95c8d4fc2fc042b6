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

/** A chart with more slots is unreadable. This also bounds the result of a query. */
const SLOTS_MAX = 1500;

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

/** Starts of the slots of a range. The first one is the start of the range, which can be inside a slot. */
export function slotsOf({ fromMs, toMs }: Range, interval: Interval, timeZone: string): number[] {
  const slots: number[] = [];
  for (let atMs = fromMs; atMs < toMs; atMs = nextSlot(atMs, interval, timeZone)) slots.push(atMs);
  return slots;
}

export const fittingInterval = ({ fromMs, toMs }: Range): Interval => {
  const hours = (toMs - fromMs) / SLOT_MS.hour;
  if (hours <= 3) return "minute";
  return hours <= 96 ? "hour" : "day";
};

export const fits = ({ fromMs, toMs }: Range, interval: Interval): boolean =>
  (toMs - fromMs) / SLOT_MS[interval] <= SLOTS_MAX;
