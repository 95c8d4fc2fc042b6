import { z } from "zod";

import { Limit } from "./limit.ts";
import { ROLES } from "./role.ts";
import { StoredId } from "./stored-id.ts";
import { Zones } from "./zones.ts";

/**
 * The policy a proxy needs. Each schema parses the JSON of the directory's views and of the copy on disk, where amounts are
 * decimal text. A newer version may add fields, which are ignored. A field that an older version does not have gets a default.
 */

/** `allow` null means all; a deny always wins. Entries are model names or a prefix ending in `*`. */
export const AllowList = z.object({
  allow: z.array(z.string()).nullable(),
  deny: z.array(z.string()),
});
export type AllowList = z.infer<typeof AllowList>;

/** Dollars per million tokens, as decimal text; absent classes fall back to input or output. */
export const PriceOverride = z.object({
  inputPerMillion: z.string(),
  outputPerMillion: z.string(),
  cacheReadPerMillion: z.string().optional(),
  cacheWritePerMillion: z.string().optional(),
  version: z.string(),
});
export type PriceOverride = z.infer<typeof PriceOverride>;

/** An organisation's own price of a provider's model, from an instant on, until a later one begins. */
export const DatedPrice = PriceOverride.extend({
  provider: z.string(),
  upstreamModel: z.string(),
  /** Epoch ms. */
  fromMs: z.int(),
});
export type DatedPrice = z.infer<typeof DatedPrice>;

export const TargetPolicy = z.object({
  id: StoredId,
  credentialId: StoredId,
  upstreamModel: z.string(),
  /** Lower is tried first. */
  priority: z.int(),
  /** Share among targets of one priority, 1–1000. */
  weight: z.int(),
});
export type TargetPolicy = z.infer<typeof TargetPolicy>;

export const ModelPolicy = z.object({
  id: StoredId,
  /** The public name a client asks for. */
  name: z.string(),
  route: z.enum(["priority", "weighted"]),
  /** Exact cache: seconds a repeat may be served, 0 is off. */
  cacheTtlSeconds: z.int(),
  maxOutputTokens: z.int().nullable(),
  targets: z.array(TargetPolicy),
});
export type ModelPolicy = z.infer<typeof ModelPolicy>;

export const CredentialPolicy = z.object({
  id: StoredId,
  name: z.string(),
  /** A row of the provider table in `catalog`. */
  provider: z.string(),
  /** The origin and path prefix it was stored with, no trailing slash. */
  baseUrl: z.string(),
  /** libsodium sealed box, base64; only the proxy can open it. It names the origin the secret may be sent to. */
  sealed: z.string(),
  /** Only of a box sealed before boxes named their origin, and not sealed again yet: the origin it had at the upgrade. */
  legacyOrigin: z.string().optional(),
});
export type CredentialPolicy = z.infer<typeof CredentialPolicy>;

export const GuardrailPolicy = z.object({
  id: StoredId,
  name: z.string(),
  stage: z.enum(["input", "output"]),
  kind: z.enum(["keyword", "regex", "secret"]),
  /** Keywords (one per entry) or one RE2 pattern; empty for secret. */
  patterns: z.array(z.string()),
  action: z.enum(["block", "redact", "flag"]),
  mode: z.enum(["on", "shadow"]),
  /** What a rule that cannot be evaluated in time does. */
  onFailure: z.enum(["open", "closed"]),
});
export type GuardrailPolicy = z.infer<typeof GuardrailPolicy>;

export const TeamPolicy = AllowList.extend({
  id: StoredId,
  name: z.string(),
});
export type TeamPolicy = z.infer<typeof TeamPolicy>;

export const OrgPolicy = AllowList.extend(Zones.shape).extend({
  id: StoredId,
  name: z.string(),
  /** Unique over all organisations, and never changed. Empty in a copy from before it was part of the policy. */
  slug: z.string().default(""),
  suspended: z.boolean(),
  /** `402` budget_exceeded or `429` insufficient_quota. */
  budgetErrorStatus: z.literal([402, 429]),
  /** Grows with every change of this organisation's policy; an older copy never replaces a newer one. */
  revision: z.int().nonnegative(),
  teams: z.array(TeamPolicy),
  models: z.array(ModelPolicy),
  credentials: z.array(CredentialPolicy),
  limits: z.array(Limit),
  guardrails: z.array(GuardrailPolicy),
  prices: z.array(DatedPrice).default([]),
});
export type OrgPolicy = z.infer<typeof OrgPolicy>;

export const KeySecret = z.object({
  /** HMAC-SHA-256 of the secret under the pepper, hex. */
  hash: z.string(),
  /** Epoch ms after which this secret (of a rotated key) no longer opens; null is for ever. */
  notAfterMs: z.int().nullable(),
});
export type KeySecret = z.infer<typeof KeySecret>;

export const KeyPolicy = AllowList.extend({
  id: StoredId,
  orgId: StoredId,
  publicId: z.string(),
  name: z.string(),
  kind: z.enum(["live", "test"]),
  teamId: StoredId.nullable(),
  memberId: StoredId.nullable(),
  memberRole: z.enum(ROLES).nullable(),
  state: z.enum(["active", "disabled", "revoked"]),
  expiresAtMs: z.int().nullable(),
  secrets: z.array(KeySecret),
});
export type KeyPolicy = z.infer<typeof KeyPolicy>;

/** What authentication yields: the three policies that bind one call. */
export interface Grant {
  org: OrgPolicy;
  team: TeamPolicy | null;
  key: KeyPolicy;
}

const matches = (entry: string, name: string): boolean =>
  entry.endsWith("*") ? name.startsWith(entry.slice(0, -1)) : entry === name;

/** Whether one list lets a model through. */
export const listAllows = (list: AllowList, name: string): boolean =>
  !list.deny.some((entry) => matches(entry, name)) &&
  (list.allow === null || list.allow.some((entry) => matches(entry, name)));

/** Organisation ∩ team ∩ key; the first list that refuses is named. */
export function refusingList(grant: Grant, name: string): "organisation" | "team" | "key" | null {
  if (!listAllows(grant.org, name)) return "organisation";
  if (grant.team && !listAllows(grant.team, name)) return "team";
  return listAllows(grant.key, name) ? null : "key";
}
