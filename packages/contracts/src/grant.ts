import type { Uuid } from "./ids.ts";
import type { Limit } from "./limit.ts";
import type { Zones } from "./zones.ts";

/** The policy a proxy needs, read from Postgres through the directory's views. Plain data: JSON but for bigint amounts. */

/** `allow` null means all; a deny always wins. Entries are model names or a prefix ending in `*`. */
export interface AllowList {
  allow: string[] | null;
  deny: string[];
}

/** Dollars per million tokens, as decimal text; absent classes fall back to input or output. */
export interface PriceOverride {
  inputPerMillion: string;
  outputPerMillion: string;
  cacheReadPerMillion?: string;
  cacheWritePerMillion?: string;
  version: string;
}

/** An organisation's own price of a provider's model, from an instant on, until a later one begins. */
export interface DatedPrice extends PriceOverride {
  provider: string;
  upstreamModel: string;
  /** Epoch ms. */
  fromMs: number;
}

export interface TargetPolicy {
  id: Uuid;
  credentialId: Uuid;
  upstreamModel: string;
  /** Lower is tried first. */
  priority: number;
  /** Share among targets of one priority, 1–1000. */
  weight: number;
}

export interface ModelPolicy {
  id: Uuid;
  /** The public name a client asks for. */
  name: string;
  route: "priority" | "weighted";
  /** Exact cache: seconds a repeat may be served, 0 is off. */
  cacheTtlSeconds: number;
  maxOutputTokens: number | null;
  targets: TargetPolicy[];
}

export interface CredentialPolicy {
  id: Uuid;
  name: string;
  /** A row of the provider table in `catalog`. */
  provider: string;
  /** The origin and path prefix it was stored with, no trailing slash. */
  baseUrl: string;
  /** libsodium sealed box, base64; only the proxy can open it. It names the origin the secret may be sent to. */
  sealed: string;
  /** Only of a box sealed before boxes named their origin, and not sealed again yet: the origin it had at the upgrade. */
  legacyOrigin?: string;
}

export interface GuardrailPolicy {
  id: Uuid;
  name: string;
  stage: "input" | "output";
  kind: "keyword" | "regex" | "secret";
  /** Keywords (one per entry) or one RE2 pattern; empty for secret. */
  patterns: string[];
  action: "block" | "redact" | "flag";
  mode: "on" | "shadow";
  /** What a rule that cannot be evaluated in time does. */
  onFailure: "open" | "closed";
}

export interface TeamPolicy extends AllowList {
  id: Uuid;
  name: string;
}

export interface OrgPolicy extends AllowList, Zones {
  id: Uuid;
  name: string;
  /** Unique over all organisations, and never changed. */
  slug: string;
  suspended: boolean;
  /** `402` budget_exceeded or `429` insufficient_quota. */
  budgetErrorStatus: 402 | 429;
  /** Grows with every change of this organisation's policy; an older copy never replaces a newer one. */
  revision: number;
  teams: TeamPolicy[];
  models: ModelPolicy[];
  credentials: CredentialPolicy[];
  limits: Limit[];
  guardrails: GuardrailPolicy[];
  prices: DatedPrice[];
}

export interface KeySecret {
  /** HMAC-SHA-256 of the secret under the pepper, hex. */
  hash: string;
  /** Epoch ms after which this secret (of a rotated key) no longer opens; null is for ever. */
  notAfterMs: number | null;
}

export interface KeyPolicy extends AllowList {
  id: Uuid;
  orgId: Uuid;
  publicId: string;
  name: string;
  kind: "live" | "test";
  teamId: Uuid | null;
  memberId: Uuid | null;
  memberRole: "owner" | "admin" | "developer" | "finance" | null;
  state: "active" | "disabled" | "revoked";
  expiresAtMs: number | null;
  secrets: KeySecret[];
}

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
