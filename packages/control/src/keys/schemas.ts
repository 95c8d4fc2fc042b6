import { z } from "zod";
import { rows } from "../bulk/rows.ts";
import { Allow, CostCentre, Deny, Email, Id, Instant, Name, Time } from "../fields.ts";
import { listInput } from "../lists/input.ts";

/** `expired`: an active key after its expiry. */
const state = z.enum(["active", "disabled", "revoked", "expired"]);

export const Key = z.object({
  id: z.uuid(),
  name: z.string(),
  kind: z.enum(["live", "test"]),
  publicId: z.string(),
  lastFour: z.string(),
  state,
  teamId: z.uuid().nullable(),
  teamName: z.string().nullable(),
  memberId: z.uuid().nullable(),
  memberName: z.string().nullable(),
  allow: z.array(z.string()).nullable(),
  deny: z.array(z.string()),
  /** Null: its calls count on the cost centre of the team, else on that of the member. */
  costCentre: z.string().nullable(),
  createdAt: Time,
  expiresAt: Time.nullable(),
  lastUsedAt: Time.nullable(),
});
export type Key = z.infer<typeof Key>;

export const KEY_SORTS = ["createdAt", "name", "lastUsedAt", "expiresAt"] as const;

export const ListKeys = listInput(KEY_SORTS, "-createdAt", {
  /** Whether to include revoked keys. */
  revoked: z.stringbool().or(z.boolean()).default(false),
  /** Only keys in this state. */
  state: state.optional(),
  teamId: Id.optional(),
  memberId: Id.optional(),
  kind: z.enum(["live", "test"]).optional(),
  /** Only keys with this cost centre of their own. */
  costCentre: Name.optional(),
});

export const CreateKey = z.strictObject({
  name: Name,
  teamId: Id.nullable().default(null),
  /** A developer's key is always their own. */
  memberId: Id.nullable().default(null),
  kind: z.enum(["live", "test"]).default("live"),
  expiresAt: Instant.nullable().default(null),
  allow: Allow.default(null),
  deny: Deny.default([]),
  costCentre: CostCentre.default(null),
});

/** The secret. It is shown only once. */
export const CreatedKey = z.object({ key: Key, secret: z.string() });

export const UpdateKey = z.strictObject({
  id: Id,
  name: Name.optional(),
  state: z.enum(["active", "disabled"]).optional(),
  allow: Allow.optional(),
  deny: Deny.optional(),
  expiresAt: Instant.nullable().optional(),
  costCentre: CostCentre.optional(),
});

/** A row of a bulk creation. The team and the member are given by id, or by their name and e-mail address. */
export const BulkKey = CreateKey.extend({ team: Name.optional(), member: Email.optional() });

export const BulkCreateKeys = z.strictObject({ items: rows(BulkKey) });

/** The new keys with their secrets, in the order of the rows. The secrets are shown only once. */
export const BulkCreatedKeys = z.object({
  items: z.array(z.object({ id: z.uuid(), name: z.string(), publicId: z.string(), secret: z.string() })),
});

export const BulkUpdateKeys = z.strictObject({ items: rows(UpdateKey) });

export const BulkRevokeKeys = z.strictObject({ ids: rows(Id) });

/** How many were changed. */
export const BulkChanged = z.object({ changed: z.int() });
