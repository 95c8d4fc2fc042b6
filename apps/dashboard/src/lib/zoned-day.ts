const CLOCK = {
  year: "numeric",
  month: "2-digit",
  day: "2-digit",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
};

/** The local time in the zone, as if it were UTC. */
function shownMs(atMs: number, timeZone: string): number {
  const format = new Intl.DateTimeFormat("en-US", {
    ...CLOCK,
    timeZone,
    hourCycle: "h23",
  } as Intl.DateTimeFormatOptions);
  const part = Object.fromEntries(format.formatToParts(atMs).map(({ type, value }) => [type, Number(value)]));
  return Date.UTC(part.year ?? 0, (part.month ?? 1) - 1, part.day, part.hour, part.minute, part.second);
}

/** The end of a day (`2026-11-30`) in a zone, as ISO 8601; null if the text is not a day. */
export function endOfDay(day: string, timeZone: string): string | null {
  const startMs = Date.parse(`${day}T00:00:00Z`);
  if (Number.isNaN(startMs)) return null;
  const wantedMs = startMs + 86_400_000;
  // Twice, because the first guess may be on the other side of a clock change.
  let atMs = wantedMs;
  for (let guess = 0; guess < 2; guess += 1) atMs = wantedMs - (shownMs(atMs, timeZone) - atMs);
  return new Date(atMs).toISOString();
}

/** `30 Nov` if the instant is the end of that day, else `30 Nov, 14:00`; with the year if it is not the current one. */
export function formatUntil(iso: string, timeZone: string, nowMs: number): string {
  const endMs = Date.parse(iso);
  const isMidnight = shownMs(endMs, timeZone) % 86_400_000 === 0;
  const lastMs = isMidnight ? endMs - 1 : endMs;
  const year = (atMs: number): number => new Date(shownMs(atMs, timeZone)).getUTCFullYear();
  return new Intl.DateTimeFormat("en-GB", {
    timeZone,
    day: "numeric",
    month: "short",
    ...(year(lastMs) === year(nowMs) ? {} : { year: "numeric" }),
    ...(isMidnight ? {} : { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }),
  }).format(lastMs);
}
