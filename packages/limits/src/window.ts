import type { LimitWindow } from "@tollgate/contracts/limit";
import type { FormerZone, Zones } from "@tollgate/contracts/zones";

/** `[startMs, endMs)`, epoch milliseconds; a window of `total` never ends. */
export interface WindowBounds {
  startMs: number;
  endMs: number | null;
}

type Span = WindowBounds & { endMs: number };

const STEPS = {
  minute: { minutes: 1 },
  hour: { hours: 1 },
  day: { days: 1 },
  week: { weeks: 1 },
  month: { months: 1 },
  quarter: { months: 3 },
} as const satisfies Record<Exclude<LimitWindow, "total">, Temporal.DurationLike>;

type Step = keyof typeof STEPS;

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

const zoned = (atMs: number, timeZone: string): Temporal.ZonedDateTime =>
  Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(timeZone);

/** A clock hour ends early when the zone's offset changes within it, so that windows do not overlap. */
function clockHour(at: Temporal.ZonedDateTime): Span {
  const offsetMs = at.offsetNanoseconds / 1e6;
  const startMs = Math.floor((at.epochMilliseconds + offsetMs) / HOUR_MS) * HOUR_MS - offsetMs;
  // Searched from 1 ms later, because the change may be exactly at this instant.
  const since = at.add({ milliseconds: 1 }).getTimeZoneTransition("previous")?.epochMilliseconds ?? startMs;
  const until = at.getTimeZoneTransition("next")?.epochMilliseconds ?? startMs + HOUR_MS;
  return { startMs: Math.max(startMs, since), endMs: Math.min(startMs + HOUR_MS, until) };
}

function calendarWindow(atMs: number, window: Step, timeZone: string): Span {
  if (window === "minute") {
    const startMs = Math.floor(atMs / MINUTE_MS) * MINUTE_MS;
    return { startMs, endMs: startMs + MINUTE_MS };
  }
  const at = zoned(atMs, timeZone);
  if (window === "hour") return clockHour(at);
  const date = at.toPlainDate();
  const first =
    window === "day"
      ? date
      : window === "week"
        ? date.subtract({ days: date.dayOfWeek - 1 })
        : date.with({ day: 1, month: window === "month" ? date.month : date.month - ((date.month - 1) % 3) });
  const midnight = (day: Temporal.PlainDate): number => day.toZonedDateTime(timeZone).epochMilliseconds;
  return { startMs: midnight(first), endMs: midnight(first.add(STEPS[window])) };
}

/** Every bound is computed from the anchor, so that the 31st stays the 31st after a short month. */
function anchoredWindow(atMs: number, window: Step, timeZone: string, anchorMs: number): Span {
  const anchor = zoned(anchorMs, timeZone);
  const [unit, count] = Object.entries(STEPS[window])[0] as ["minutes" | "hours" | "days" | "weeks" | "months", number];
  const bound = (n: number): number => anchor.add({ [unit]: n * count }).epochMilliseconds;
  let n = Math.floor(anchor.until(zoned(atMs, timeZone), { largestUnit: unit })[unit] / count);
  while (bound(n) > atMs) n -= 1;
  while (bound(n + 1) <= atMs) n += 1;
  return { startMs: bound(n), endMs: bound(n + 1) };
}

type Windowed = (atMs: number, timeZone: string) => Span;

/**
 * After a change of zone, the current window ends at its old end. Then the rest of the new zone's window at that time
 * follows. So each instant is in exactly one window, and a window that has begun is neither shortened nor restarted.
 */
function acrossZones(windowed: Windowed, atMs: number, timeZone: string, former: readonly FormerZone[]): Span {
  const left = former.at(-1);
  if (!left) return windowed(atMs, timeZone);
  const inFormer = (thenMs: number) => acrossZones(windowed, thenMs, left.timeZone, former.slice(0, -1));
  if (atMs < left.untilMs) return inFormer(atMs);
  const last = inFormer(left.untilMs);
  if (atMs < last.endMs) return last;
  const { startMs, endMs } = windowed(atMs, timeZone);
  return { startMs: Math.max(startMs, last.endMs), endMs };
}

const latestOf = new WeakMap<Zones, Map<string, Span>>();

/**
 * The only definition of a limit's window: the window that contains `atMs`, in the organisation's current and former
 * time zones. Windows follow the calendar (weeks start on Monday), or `anchorMs` if it is given; `total` starts at
 * its anchor. The last result of each kind is cached with the object `zones`, which must not change, so most calls
 * cost one comparison.
 */
export function windowOf(atMs: number, window: LimitWindow, zones: Zones, anchorMs: number | null): WindowBounds {
  if (window === "total") return { startMs: anchorMs ?? 0, endMs: null };
  const latest = latestOf.get(zones) ?? new Map<string, Span>();
  const kind = anchorMs === null ? window : `${window} ${anchorMs}`;
  const known = latest.get(kind);
  if (known && atMs >= known.startMs && atMs < known.endMs) return known;
  const windowed: Windowed = (thenMs, timeZone) =>
    anchorMs === null ? calendarWindow(thenMs, window, timeZone) : anchoredWindow(thenMs, window, timeZone, anchorMs);
  const bounds = acrossZones(windowed, atMs, zones.timeZone, zones.formerZones);
  latestOf.set(zones, latest.set(kind, bounds));
  return bounds;
}
