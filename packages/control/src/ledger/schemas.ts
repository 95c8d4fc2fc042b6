import { z } from "zod";
import { Instant, items, Time, Usd } from "../fields.ts";

export const Reconcile = z.strictObject({
  /** The start of yesterday, UTC, when absent; it always ends now. */
  from: Instant.optional(),
});

export const Rebuild = z.strictObject({
  from: Instant,
  /** Now when absent. */
  to: Instant.optional(),
});

export const Rerate = z.strictObject({
  from: Instant,
  /** Now when absent. */
  to: Instant.optional(),
  /** The name clients ask for; any when absent. */
  model: z.string().min(1).max(128).optional(),
  provider: z.string().min(1).max(50).optional(),
  /** Kept with every entry. */
  note: z
    .string()
    .normalize("NFKC")
    .trim()
    .max(200, "at most 200 characters")
    .regex(/^\P{Cc}*$/u, "must not contain control characters")
    .optional(),
});

export const MonthName = z.string().regex(/^20\d\d-(0[1-9]|1[0-2])$/, "a month such as 2026-10");

export const CloseMonth = z.strictObject({ month: MonthName });

/** Rows of a roll-up's day, of the counters or a closed month, that were not what the events say. */
export const Difference = z.object({ table: z.string(), day: Time.nullable(), rows: z.int() });
export type Difference = z.infer<typeof Difference>;

export const KINDS = ["reconcile", "rebuild", "rerate", "close"] as const;

export const Bookkeeping = z.object({
  id: z.uuid(),
  kind: z.enum(KINDS),
  from: Time,
  to: Time,
  askedAt: Time,
  /** Null: by the clock. */
  askedBy: z.string().nullable(),
  /** Null while it waits for a worker. */
  doneAt: Time.nullable(),
  /** What was found wrong, and put right. */
  differences: z.array(Difference),
  /** Of a re-rating: which requests, and why. */
  model: z.string().nullable(),
  provider: z.string().nullable(),
  note: z.string().nullable(),
  /** Requests it put at another cost, and what that comes to. */
  adjusted: z.int(),
  adjustedUsd: Usd,
});
export type Bookkeeping = z.infer<typeof Bookkeeping>;

export const BookkeepingList = items(Bookkeeping);

export const BookMonth = z.object({
  /** `2026-10` */
  month: z.string(),
  from: Time,
  to: Time,
  requests: z.int(),
  /** Of those, the ones whose cost is not known by now. */
  unpriced: z.int(),
  costUsd: Usd,
  /** What of it belongs to months that were closed already. */
  adjustmentsUsd: Usd,
  /** What came for it since it was closed, and is in the cost of later months. */
  laterUsd: Usd,
  state: z.enum(["current", "open", "closing", "closed"]),
  closedAt: Time.nullable(),
  /** Null for one that is open, or closed by itself 35 days after its end. */
  closedBy: z.string().nullable(),
});
export type BookMonth = z.infer<typeof BookMonth>;

export const BookMonths = items(BookMonth).extend({ timeZone: z.string() });
export type BookMonths = z.infer<typeof BookMonths>;
