import type { GetSpend } from "@tollgate/control/reports/schemas";
import { createLoader, createParser, type inferParserType, parseAsStringLiteral } from "nuqs/server";
import type { z } from "zod";

export const RANGES = ["1h", "24h", "7d", "month", "30d", "90d"] as const;
const DIMENSIONS = ["model", "key", "team", "member", "provider", "none"] as const;
/** Values that callers choose. */
const VALUES = ["tag", "customer", "session", "endUser", "costCentre"] as const;
export const GROUPS = [...DIMENSIONS, ...VALUES] as const;
export const INTERVALS = ["minute", "hour", "day"] as const;
export const MEASURES = ["cost", "requests", "tokens"] as const;

type Range = (typeof RANGES)[number];
type Interval = (typeof INTERVALS)[number];

const HOUR_MS = 3_600_000;

const BACK_MS: Record<Range, number | null> = {
  "1h": HOUR_MS,
  "24h": 24 * HOUR_MS,
  "7d": 7 * 24 * HOUR_MS,
  // The verb begins it on the first of the month in the organisation's time zone.
  month: null,
  "30d": 30 * 24 * HOUR_MS,
  "90d": 90 * 24 * HOUR_MS,
};

/** Intervals that fit a range. */
const FITTING: Record<Range, readonly Interval[]> = {
  "1h": ["minute"],
  "24h": ["hour"],
  "7d": ["hour", "day"],
  month: ["day"],
  "30d": ["day"],
  "90d": ["day"],
};

type Group = (typeof GROUPS)[number];

export const isOfValues = (by: Group): boolean => VALUES.some((value) => value === by);

interface Fitted {
  range: Range;
  month: string | null;
  by: Group;
}

/** Figures by value are not kept by minute. */
export const fitting = ({ range, month, by }: Fitted): readonly Interval[] => {
  const intervals = FITTING[month ? "month" : range];
  return isOfValues(by) && intervals.includes("minute") ? ["hour"] : intervals;
};

const parseAsMonth = createParser({
  parse: (text) => (/^20\d\d-(0[1-9]|1[0-2])$/.test(text) ? text : null),
  serialize: (month: string) => month,
});

export const spendParams = {
  range: parseAsStringLiteral(RANGES).withDefault("month"),
  /** A month of the ledger instead of a range. */
  month: parseAsMonth,
  by: parseAsStringLiteral(GROUPS).withDefault("model"),
  interval: parseAsStringLiteral(INTERVALS),
  measure: parseAsStringLiteral(MEASURES).withDefault("cost"),
};

export const readSpendParams = createLoader(spendParams);
export type SpendParams = inferParserType<typeof spendParams>;
export type Measure = SpendParams["measure"];

/** The input of the verb. If an interval does not fit the range, the verb chooses one. */
export function spendInput({ range, month, by, interval }: SpendParams, nowMs: number): z.input<typeof GetSpend> {
  const back = month ? null : BACK_MS[range];
  return {
    groupBy: by,
    ...(month ? { month } : {}),
    ...(back === null ? {} : { from: new Date(nowMs - back).toISOString() }),
    ...(interval && fitting({ range, month, by }).includes(interval) ? { interval } : {}),
  };
}
