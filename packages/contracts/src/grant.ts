import { z } from "zod";

import { Limit } from "./limit.ts";
import { ROLES } from "./role.ts";
import { StoredId } from "./stored-id.ts";
import { ModelTimeouts, TargetTimeouts } from "./timeouts.ts";
import { Zones } from "./zones.ts";

/**
 * The policy a proxy needs. Each schema parses the JSON of the directory's views and of the copy on disk, where amounts are
 * decimal text. A newer version may add fields, which are ignored. A field that an older version does not have gets a default.
 */

/** `allow` null allows all models. `deny` has precedence. Entries are model names, or prefixes that end in `*`. */
export const AllowList = z.object({
  allow: z.array(z.string()).nullable(),
  deny: z.array(z.string()),
});
export type AllowList = z.infer<typeof AllowList>;

/** Dollars per million tokens, as decimal text. Absent classes use the price of input or output. */
export const PriceOverride = z.object({
  inputPerMillion: z.string(),
  outputPerMillion: z.string(),
  cacheReadPerMillion: z.string().optional(),
  cacheWritePerMillion: z.string().optional(),
  /** Prices of other units, by the id of the unit: dollars per as many as its row in `catalog/units` says. */
  units: z.record(z.string(), z.string()).optional(),
  /** Factors for service tiers, speeds and regions, by the id in `catalog/services`, as decimal text. */
  services: z.record(z.string(), z.string()).optional(),
  version: z.string(),
});
export type PriceOverride = z.infer<typeof PriceOverride>;

/** An organisation's own price of a provider's model. It applies from an instant until a later one begins. */
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
  /** The model behind a name that is not one, such as that of an Azure deployment. Its price and limits apply. */
  baseModel: z.string().nullish(),
  /** Lower is tried first. */
  priority: z.int(),
  /** Share among targets of one priority, 1–1000. */
  weight: z.int(),
  timeouts: z.object(TargetTimeouts.shape).nullish(),
});
export type TargetPolicy = z.infer<typeof TargetPolicy>;

export const ModelPolicy = z.object({
  id: StoredId,
  /** The public name a client asks for. */
  name: z.string(),
  route: z.enum(["priority", "weighted"]),
  /** Exact cache: seconds for which an answer is reused. 0 is off. */
  cacheTtlSeconds: z.int(),
  maxOutputTokens: z.int().nullable(),
  timeouts: z.object(ModelTimeouts.shape).nullish(),
  /** Whether a request whose content a provider refuses is sent to the next target. */
  fallsBackOnRefusal: z.boolean().optional(),
  targets: z.array(TargetPolicy),
});
export type ModelPolicy = z.infer<typeof ModelPolicy>;

/** The model of a call: one of the organisation, or one that was addressed directly and has no row (`id` null). */
export type RoutedModel = Omit<ModelPolicy, "id"> & { id: ModelPolicy["id"] | null };

export const CredentialPolicy = z.object({
  id: StoredId,
  name: z.string(),
  /** A row of the provider table in `catalog`. */
  provider: z.string(),
  /** Origin and path prefix from when it was stored, without a trailing slash. */
  baseUrl: z.string(),
  /** A libsodium sealed box in base64. Only the proxy can open it. It contains the origin to which the secret may be sent. */
  sealed: z.string(),
  /** Only for an old box that does not contain its origin: the origin at the time of the upgrade. */
  legacyOrigin: z.string().optional(),
});
export type CredentialPolicy = z.infer<typeof CredentialPolicy>;

export const GuardrailPolicy = z.object({
  id: StoredId,
  name: z.string(),
  stage: z.enum(["input", "output"]),
  kind: z.enum(["keyword", "regex", "secret"]),
  /** Keywords, one per entry, or one RE2 pattern. Empty for kind secret. */
  patterns: z.array(z.string()),
  action: z.enum(["block", "redact", "flag"]),
  mode: z.enum(["on", "shadow"]),
  /** The effect of a rule that cannot be evaluated in time. */
  onFailure: z.enum(["open", "closed"]),
});
export type GuardrailPolicy = z.infer<typeof GuardrailPolicy>;

export const TeamPolicy = AllowList.extend({
  id: StoredId,
  name: z.string(),
  costCentre: z.string().nullable().default(null),
});
export type TeamPolicy = z.infer<typeof TeamPolicy>;

export const OrgPolicy = AllowList.extend(Zones.shape).extend({
  id: StoredId,
  name: z.string(),
  /** Unique over all organisations, and never changes. Empty in a copy of an older version. */
  slug: z.string().default(""),
  suspended: z.boolean(),
  /** `402` budget_exceeded or `429` insufficient_quota. */
  budgetErrorStatus: z.literal([402, 429]),
  /** Whether a call may name a provider and its model (`openai/gpt-5-mini`) instead of a model of the organisation. */
  directModels: z.boolean().default(false),
  /** Whether proxies keep the responses of translated calls for a while, so that a later call can refer to them. */
  keepsResponses: z.boolean().default(true),
  /** Increases with every change of this organisation's policy. An older copy never replaces a newer one. */
  revision: z.int().nonnegative(),
  teams: z.array(TeamPolicy),
  models: z.array(ModelPolicy),
  credentials: z.array(CredentialPolicy),
  /** In memory also those of `scopedLimits`, a list in the policy of scopes that earlier versions do not know. */
  limits: z.array(Limit),
  guardrails: z.array(GuardrailPolicy),
  prices: z.array(DatedPrice).default([]),
});
export type OrgPolicy = z.infer<typeof OrgPolicy>;

export const KeySecret = z.object({
  /** HMAC-SHA-256 of the secret with the pepper, in hex. */
  hash: z.string(),
  /** Epoch ms until which this secret of a rotated key is valid; null: without an end. */
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
  /** Null: that of the team, else that of the member. */
  costCentre: z.string().nullable().default(null),
  memberCostCentre: z.string().nullable().default(null),
  state: z.enum(["active", "disabled", "revoked"]),
  expiresAtMs: z.int().nullable(),
  secrets: z.array(KeySecret),
});
export type KeyPolicy = z.infer<typeof KeyPolicy>;

/** The result of authentication: the three policies that apply to a call, and the cost centre that it counts on. */
export interface Grant {
  org: OrgPolicy;
  team: TeamPolicy | null;
  key: KeyPolicy;
  costCentre: string | null;
}

/** The grant of a key. Its cost centre is the key's, else the team's, else the member's. */
export const grantOf = (org: OrgPolicy, team: TeamPolicy | null, key: KeyPolicy): Grant => ({
  ...{ org, team, key },
  costCentre: key.costCentre ?? team?.costCentre ?? key.memberCostCentre,
});

const matches = (entry: string, name: string): boolean =>
  entry.endsWith("*") ? name.startsWith(entry.slice(0, -1)) : entry === name;

/** Whether a list allows a model. */
export const listAllows = (list: AllowList, name: string): boolean =>
  !list.deny.some((entry) => matches(entry, name)) &&
  (list.allow === null || list.allow.some((entry) => matches(entry, name)));

/** Organisation ∩ team ∩ key. Returns the first list that refuses the model. */
export function refusingList(grant: Grant, name: string): "organisation" | "team" | "key" | null {
  if (!listAllows(grant.org, name)) return "organisation";
  if (grant.team && !listAllows(grant.team, name)) return "team";
  return listAllows(grant.key, name) ? null : "key";
}
