import type { Uuid } from "./ids.ts";

/** A limit = scope × unit × window × amount × mode. A budget is usd × month × block; a rate limit requests × minute × block. */
export const LIMIT_SCOPES = ["organisation", "team", "member", "key", "model", "tag", "customer"] as const;
export const LIMIT_UNITS = ["usd", "requests", "tokens", "concurrent"] as const;
export const LIMIT_WINDOWS = ["minute", "hour", "day", "week", "month", "quarter", "total"] as const;
export const LIMIT_MODES = ["block", "warn", "shadow"] as const;

export type LimitScope = (typeof LIMIT_SCOPES)[number];
export type LimitUnit = (typeof LIMIT_UNITS)[number];
export type LimitWindow = (typeof LIMIT_WINDOWS)[number];
export type LimitMode = (typeof LIMIT_MODES)[number];

/** A limit raised for a while; it ends by itself. */
export interface LimitIncrease {
  /** What it adds, in the limit's unit. */
  amount: bigint;
  /** Epoch ms; from this instant on it adds nothing. */
  untilMs: number;
}

export interface Limit {
  id: Uuid;
  scope: LimitScope;
  /** Which team, member, key, model, tag or customer; `null` with scope organisation, or for *each* of its kind. */
  subject: string | null;
  /** The subject's name as people know it, for refusals and pages. */
  subjectName: string | null;
  unit: LimitUnit;
  window: LimitWindow;
  /** Calendar windows when null; else windows are counted from this instant (epoch ms). */
  anchorMs: number | null;
  /** nano-USD for usd, else a count. ≥ 0. */
  amount: bigint;
  /** Not revoked; those that have ended may still be among them. What holds at an instant is `capAt` of limits. */
  increases: readonly LimitIncrease[];
  mode: LimitMode;
  /** Percentages (1–100) at which to warn. */
  thresholds: number[];
  onStoreDown: "allow" | "refuse";
}

/** What one request is counted under. Ids, except tag (`name=value`) and customer, which are the caller's own words. */
export interface LimitSubjects {
  orgId: Uuid;
  teamId: Uuid | null;
  memberId: Uuid | null;
  keyId: Uuid;
  modelId: Uuid | null;
  tags: readonly string[];
  customer: string | null;
}
