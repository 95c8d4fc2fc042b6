import { ROLES } from "@tollgate/contracts/role";
import { z } from "zod";
import { Instant, Name, Time } from "../fields.ts";
import { listInput } from "../lists/input.ts";

export const Token = z.object({
  id: z.uuid(),
  name: z.string(),
  role: z.enum(ROLES),
  publicId: z.string(),
  lastFour: z.string(),
  state: z.enum(["active", "revoked", "expired"]),
  createdByName: z.string().nullable(),
  createdAt: Time,
  expiresAt: Time.nullable(),
  lastUsedAt: Time.nullable(),
});
export type Token = z.infer<typeof Token>;

export const TOKEN_SORTS = ["createdAt", "name", "role", "lastUsedAt"] as const;

export const ListTokens = listInput(TOKEN_SORTS, "-createdAt", { role: z.enum(ROLES).optional() });

export const CreateToken = z.strictObject({
  name: Name,
  /** At most the creator's role. */
  role: z.enum(ROLES),
  expiresAt: Instant.nullable().default(null),
});

/** The secret. It is shown only once. */
export const CreatedToken = z.object({ token: Token, secret: z.string() });
