import { HOUR_SPLITS, type Interval } from "./slots.ts";

/**
 * The single definition of a roll-up: the SQL that computes its rows from a set of lines (`lines-sql.ts`). `source` is SQL
 * that can follow `from` and has the columns of a line. Sessions use UTC. Ingest and re-rating add the rows to the table; a
 * rebuild replaces the table's rows.
 */
export interface RollUp {
  table: string;
  /** Its slots. */
  bucket: Interval;
  keys: readonly string[];
  sums: readonly string[];
  /** Sums that are null when they are zero, which they nearly always are. */
  rare: readonly string[];
  /** It has a `use` column, which comes last: the sums of units without a column. */
  hasUse: boolean;
  /** Of a roll-up by day: the one by hour with the same columns. */
  byHour?: string;
  select: (source: string) => string;
  /**
   * SQL of the same rows, from those of a finer roll-up that the same statement computes. They are fewer than the lines,
   * so adding lines to all roll-ups reads the lines once.
   */
  selectFromFiner?: string;
}

const split = (at: string, { minute, hours }: (typeof HOUR_SPLITS)[number]): string => `
  when extract(minute from ${at}) >= ${minute} and extract(hour from ${at}) in (${hours.join(", ")})
    then date_trunc('hour', ${at}) + interval '${minute} minutes'`;

const slotSql = (at: string) => ({
  minute: `date_trunc('minute', ${at})`,
  hour: `case ${HOUR_SPLITS.map((each) => split(at, each)).join("")} else date_trunc('hour', ${at}) end`,
  day: `date_trunc('day', ${at})`,
});

/** Start of the slot of a line, for each interval. Hours are those of `hourSlotStart`. */
export const SLOT = slotSql("booked_at");

/** The same for the row of a finer roll-up. */
export const SLOT_OF_ROW = slotSql("slot");

/** The sums that limits need in addition to the cost. */
export const RARE = {
  refused: "nullif(coalesce(sum(requests) filter (where outcome = 'refused'), 0), 0)",
  counted_extra_nano: "nullif(sum(counted_extra_nano), 0)",
};
