/** What an installation has. The first organisation is the large one; all figures of it are named `large`. */
export interface Shape {
  /** Events of the last `days`; the history before them has a twentieth as many per day. */
  events: number;
  days: number;
  historyDays: number;
  organisations: number;
  /** Small organisations that have made calls. */
  active: number;
  keys: number;
  largeKeys: number;
  limits: number;
  members: number;
  teams: number;
  models: number;
  credentials: number;
  audit: number;
  alerts: number;
}

/** The share of the events that the large organisation has. */
export const LARGE_SHARE = 0.7;
/** The events of one day of the history, as a share of those of one day of the last `days`. */
export const HISTORY_SHARE = 0.05;

const part = (all: number, scale: number, least: number): number => Math.max(least, Math.round(all * scale));

/** At scale 1: 10 million events of 30 days with a year of roll-ups, 10,000 organisations, and 1 million keys. */
export const shapeOf = (scale: number): Shape => ({
  events: part(10_000_000, scale, 1_000),
  days: 30,
  historyDays: 335,
  organisations: part(10_000, scale, 20),
  active: part(2_000, scale, 10),
  keys: part(1_000_000, scale, 1_000),
  largeKeys: part(100_000, scale, 500),
  limits: part(500, scale, 50),
  members: part(500, scale, 50),
  teams: part(50, scale, 5),
  models: part(400, scale, 40),
  credentials: part(100, scale, 10),
  audit: part(300_000, scale, 500),
  alerts: part(50_000, scale, 500),
});
