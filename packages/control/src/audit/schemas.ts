import { z } from "zod";
import { Id, Instant, page, Time } from "../fields.ts";
import { listInput } from "../lists/input.ts";

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

export const AUDIT_SORTS = ["sequence"] as const;

export const ListAudit = listInput(AUDIT_SORTS, "-sequence", {
  action: z.string().trim().max(100).optional(),
  actorId: Id.optional(),
  /** The changed object, as in the entry: `key 0198…`. */
  subject: z.string().trim().max(300).optional(),
  /** From this instant on. */
  from: Instant.optional(),
  /** Before this instant. */
  to: Instant.optional(),
});
export type ListAudit = z.output<typeof ListAudit>;

/** A page of a search or a filter can have fewer rows than its limit, and none, although there is a next one. */
export const AuditPage = page(AuditEntry).extend({
  searchedTo: Time.nullable().meta({
    description:
      "Set if a search or a filter ended early: entries beyond this instant, in the order of the list, are not searched yet. `nextCursor` continues there.",
  }),
});

export const AuditVerdict = z.object({
  intact: z.boolean(),
  entries: z.int(),
  /** The first row whose hash or number does not follow from the previous row. */
  firstBad: z.string().nullable(),
});
