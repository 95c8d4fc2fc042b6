import { z } from "zod";
import { Time } from "../fields.ts";

export const ListQuarantine = z.strictObject({
  limit: z.coerce.number().int().min(1).max(500).default(100),
  /** `nextCursor` of the previous page. */
  cursor: z
    .string()
    .regex(/^\d{1,17}_[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, "is not a cursor of this list")
    .optional(),
});
export type ListQuarantine = z.input<typeof ListQuarantine>;

export const QuarantineList = z.object({
  items: z.array(
    z.object({
      id: z.guid(),
      /** The spool from which it came. */
      spoolId: z.uuid(),
      at: Time,
      /** Why it could not be recorded. */
      reason: z.string(),
      bytes: z.int(),
      /** What the operator decided and the worker has not done yet. */
      decision: z.enum(["release", "discard"]).nullable(),
      /** Why it could not be released. */
      failure: z.string().nullable(),
    }),
  ),
  /** Number of all records in quarantine. */
  events: z.int(),
  nextCursor: z.string().nullable(),
});
export type QuarantineList = z.infer<typeof QuarantineList>;

export const DecideQuarantine = z.strictObject({
  /** Ids of the list, which are hashes of the records, or `all`. */
  ids: z.union([z.array(z.guid()).min(1, "at least one").max(10_000, "at most 10,000"), z.literal("all")]),
});
export type DecideQuarantine = z.input<typeof DecideQuarantine>;

export const Decided = z.object({
  /** Number of marked records. The worker processes them within a minute. */
  marked: z.int(),
});
export type Decided = z.infer<typeof Decided>;
