import type { Range } from "../rollups/slots.ts";

/** A month of the ledger, in the organisation's time zone. */
export interface Month extends Range {
  /** `2026-10` */
  month: string;
}

const WEEK_MS = 7 * 86_400_000;

const zoned = (atMs: number, timeZone: string): Temporal.ZonedDateTime =>
  Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(timeZone);

/** The calendar month that contains the instant. */
export function monthAt(atMs: number, timeZone: string): Month {
  const first = zoned(atMs, timeZone).with({ day: 1 }).startOfDay();
  const next = first.add({ months: 1 }).startOfDay();
  return {
    month: first.toPlainDate().toPlainYearMonth().toString(),
    fromMs: first.epochMilliseconds,
    toMs: next.epochMilliseconds,
  };
}

/** A month by its name, `2026-10`. */
export const monthNamed = (month: string, timeZone: string): Month =>
  monthAt(Temporal.PlainDate.from(`${month}-15`).toZonedDateTime(timeZone).epochMilliseconds, timeZone);

/**
 * The months from `startMs`, the end of a month, to the month that contains `untilMs`. There is no gap between them, even
 * if the time zone has changed since `startMs`: the first month is then some hours longer or shorter.
 */
export function monthsSince(startMs: number, untilMs: number, timeZone: string): Month[] {
  const months: Month[] = [];
  for (let fromMs = startMs; fromMs <= untilMs; ) {
    const next = { ...monthAt(fromMs + WEEK_MS, timeZone), fromMs };
    months.push(next);
    fromMs = next.toMs;
  }
  return months;
}
