import { z } from "zod";
import { Allow, Deny, Id, Instant, Name, Time } from "../fields.ts";

export const Key = z.object({
  id: z.uuid(),
  name: z.string(),
  kind: z.enum(["live", "test"]),
  publicId: z.string(),
  lastFour: z.string(),
  /** `expired`: an active key after its expiry. */
  state: z.enum(["active", "disabled", "revoked", "expired"]),
  teamId: z.uuid().nullable(),
  teamName: z.string().nullable(),
  memberId: z.uuid().nullable(),
  memberName: z.string().nullable(),
  allow: z.array(z.string()).nullable(),
  deny: z.array(z.string()),
  createdAt: Time,
  expiresAt: Time.nullable(),
  lastUsedAt: Time.nullable(),
});
export type Key = z.infer<typeof Key>;

export const ListKeys = z.strictObject({
  /** Whether to include revoked keys. */
  revoked: z.stringbool().or(z.boolean()).default(false),
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
});
