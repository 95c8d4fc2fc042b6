import { z } from "zod";
import { Instant, items, Time } from "../fields.ts";

export const Reconcile = z.strictObject({
  /** The start of yesterday, UTC, when absent; it always ends now. */
  from: Instant.optional(),
});

export const Rebuild = z.strictObject({
  from: Instant,
  /** Now when absent. */
  to: Instant.optional(),
});

/** Rows of a roll-up's day, or of the counters, that were not what the events say. */
export const Difference = z.object({ table: z.string(), day: Time.nullable(), rows: z.int() });
export type Difference = z.infer<typeof Difference>;

export const KINDS = ["reconcile", "rebuild"] as const;

export const Bookkeeping = z.object({
  id: z.uuid(),
  kind: z.enum(KINDS),
  from: Time,
  to: Time,
  askedAt: Time,
  /** Null while it waits for a worker. */
  doneAt: Time.nullable(),
  /** What was found wrong, and put right. */
  differences: z.array(Difference),
});
export type Bookkeeping = z.infer<typeof Bookkeeping>;

export const BookkeepingList = items(Bookkeeping);
