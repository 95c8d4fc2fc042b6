import { z } from "zod";
import type { Uuid } from "./ids.ts";
import { StoredId } from "./stored-id.ts";

/** A limit = scope × unit × window × amount × mode. A budget is usd × month × block; a rate limit requests × minute × block. */
export const LIMIT_SCOPES = ["organisation", "team", "member", "key", "model", "tag", "customer"] as const;
export const LIMIT_UNITS = ["usd", "requests", "tokens", "concurrent"] as const;
export const LIMIT_WINDOWS = ["minute", "hour", "day", "week", "month", "quarter", "total"] as const;
export const LIMIT_MODES = ["block", "warn", "shadow"] as const;

export type LimitScope = (typeof LIMIT_SCOPES)[number];
export type LimitUnit = (typeof LIMIT_UNITS)[number];
export type LimitWindow = (typeof LIMIT_WINDOWS)[number];
export type LimitMode = (typeof LIMIT_MODES)[number];

/** JSON has no integers of that size: an amount is stored as decimal text. */
const Amount = z
  .string()
  .regex(/^\d{1,30}$/, "expected a decimal integer of at most 30 digits, as text")
  .transform(BigInt);

/** A limit raised for a while; it ends by itself. */
export const LimitIncrease = z.object({
  /** What it adds, in the limit's unit. */
  amount: Amount,
  /** Epoch ms; from this instant on it adds nothing. */
  untilMs: z.int(),
});
export type LimitIncrease = z.infer<typeof LimitIncrease>;

export const Limit = z.object({
  id: StoredId,
  scope: z.enum(LIMIT_SCOPES),
  /** Which team, member, key, model, tag or customer; `null` with scope organisation, or for *each* of its kind. */
  subject: z.string().nullable(),
  /** The subject's name as people know it, for refusals and pages. */
  subjectName: z.string().nullable(),
  unit: z.enum(LIMIT_UNITS),
  window: z.enum(LIMIT_WINDOWS),
  /** Calendar windows when null; else windows are counted from this instant (epoch ms). */
  anchorMs: z.int().nullable(),
  /** nano-USD for usd, else a count. ≥ 0. */
  amount: Amount,
  /** Those not revoked; some may have ended. `capAt` in `policy/limit-cap` says what the limit allows at an instant. */
  increases: z.array(LimitIncrease).readonly().default([]),
  mode: z.enum(LIMIT_MODES),
  /** Percentages (1–100) at which to warn. */
  thresholds: z.array(z.int()),
  onStoreDown: z.enum(["allow", "refuse"]),
});
export type Limit = z.infer<typeof Limit>;

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
