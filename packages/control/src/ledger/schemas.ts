import { z } from "zod";
import { Instant, items, Time, Usd } from "../fields.ts";
import { Difference } from "../rollups/difference.ts";

export const Reconcile = z.strictObject({
  /** Default: the start of yesterday, UTC. The range always ends now. */
  from: Instant.optional(),
});

export const Rebuild = z.strictObject({
  from: Instant,
  /** Default: now. */
  to: Instant.optional(),
});

export const Rerate = z.strictObject({
  from: Instant,
  /** Default: now. */
  to: Instant.optional(),
  /** The model name that clients use. Default: every model. */
  model: z.string().min(1).max(128).optional(),
  provider: z.string().min(1).max(50).optional(),
  /** Stored with every adjustment. */
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

export const KINDS = ["reconcile", "rebuild", "rerate", "close"] as const;

export const Maintenance = z.object({
  id: z.uuid(),
  kind: z.enum(KINDS),
  from: Time,
  to: Time,
  askedAt: Time,
  /** Null: it runs by schedule. */
  askedBy: z.string().nullable(),
  /** Null while it waits for a worker. */
  doneAt: Time.nullable(),
  /** The differences that were found and corrected. */
  differences: z.array(Difference),
  /** For a re-rating: which requests, and why. */
  model: z.string().nullable(),
  provider: z.string().nullable(),
  note: z.string().nullable(),
  /** Requests whose cost changed, and the sum of the changes. */
  adjusted: z.int(),
  adjustedUsd: Usd,
});
export type Maintenance = z.infer<typeof Maintenance>;

export const MaintenanceList = items(Maintenance);

export const LedgerMonth = z.object({
  /** `2026-10` */
  month: z.string(),
  from: Time,
  to: Time,
  requests: z.int(),
  /** Requests whose cost is still unknown. */
  unpriced: z.int(),
  costUsd: Usd,
  /** The part of `costUsd` that belongs to months that were already closed. */
  adjustmentsUsd: Usd,
  /** Cost of this month that arrived after it was closed; it is part of later months. */
  laterUsd: Usd,
  state: z.enum(["current", "open", "closing", "closed"]),
  closedAt: Time.nullable(),
  /** Null when the month is open, or was closed automatically 35 days after its end. */
  closedBy: z.string().nullable(),
});
export type LedgerMonth = z.infer<typeof LedgerMonth>;

export const LedgerMonths = items(LedgerMonth).extend({ timeZone: z.string() });
export type LedgerMonths = z.infer<typeof LedgerMonths>;
