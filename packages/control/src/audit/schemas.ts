import { z } from "zod";
import { Count, Id, page, Time } from "../fields.ts";

export const AuditEntry = z.object({
  /** Gapless per organisation, as decimal text. */
  sequence: z.string(),
  at: Time,
  actor: z.object({ kind: z.enum(["user", "token", "system"]), id: z.string().nullable(), name: z.string() }),
  address: z.string().nullable(),
  /** A verb's name, e.g. `keys.create`. */
  action: z.string(),
  /** The changed object: `key 0198…`. */
  subject: z.string(),
  before: z.unknown(),
  after: z.unknown(),
});
export type AuditEntry = z.infer<typeof AuditEntry>;

export const ListAudit = z.strictObject({
  cursor: z
    .string()
    .regex(/^\d{1,18}$/)
    .optional(),
  limit: Count(1, 200).default(50),
  action: z.string().trim().max(100).optional(),
  actorId: Id.optional(),
});

export const AuditPage = page(AuditEntry);

export const AuditVerdict = z.object({
  intact: z.boolean(),
  entries: z.int(),
  /** The first row whose hash or number does not follow from the previous row. */
  firstBad: z.string().nullable(),
});
