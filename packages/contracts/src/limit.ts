import { z } from "zod";
import type { Uuid } from "./ids.ts";
import { StoredId } from "./stored-id.ts";

/**
 * A limit = scope × unit × window × amount × mode. A budget is usd × month × block, a rate limit requests × minute ×
 * block.
 */
export const LIMIT_SCOPES = [
  "organisation",
  "team",
  "member",
  "key",
  "model",
  "tag",
  "customer",
  "run",
  "end_user",
  "cost_centre",
  "credential",
] as const;
export const LIMIT_UNITS = ["usd", "requests", "tokens", "concurrent"] as const;
export const LIMIT_WINDOWS = ["minute", "hour", "day", "week", "month", "quarter", "total"] as const;
export const LIMIT_MODES = ["block", "warn", "shadow"] as const;

export type LimitScope = (typeof LIMIT_SCOPES)[number];

/** Limits of these scopes are in a list of their own in policy (`scopedLimits`): earlier proxies cannot read them. */
export const SCOPES_OF_THEIR_OWN: ReadonlySet<LimitScope> = new Set(["run", "end_user", "cost_centre", "credential"]);

/** The scope as words for messages: `end user`. */
export const scopeWords = (scope: LimitScope): string => scope.replace("_", " ");

/**
 * Days without a call after which a run is over. Its counters are deleted, and a later call with its id begins a new
 * run.
 */
export const RUN_KEPT_DAYS = 30;
export type LimitUnit = (typeof LIMIT_UNITS)[number];
export type LimitWindow = (typeof LIMIT_WINDOWS)[number];
export type LimitMode = (typeof LIMIT_MODES)[number];

/** Decimal text, because JSON numbers are not exact at this size. */
const Amount = z
  .string()
  .regex(/^\d{1,30}$/, "expected a decimal integer of at most 30 digits, as text")
  .transform(BigInt);

/** A temporary increase of a limit. It ends by itself. */
export const LimitIncrease = z.object({
  /** The added amount, in the limit's unit. */
  amount: Amount,
  /** Epoch ms at which it ends. */
  untilMs: z.int(),
});
export type LimitIncrease = z.infer<typeof LimitIncrease>;

export const Limit = z.object({
  id: StoredId,
  scope: z.enum(LIMIT_SCOPES),
  /** An id, or the text that calls carry. `null` with scope organisation, or if the limit applies to *each* of its kind. */
  subject: z.string().nullable(),
  /** The subject's name, for refusals and pages. */
  subjectName: z.string().nullable(),
  unit: z.enum(LIMIT_UNITS),
  window: z.enum(LIMIT_WINDOWS),
  /** Null: calendar windows. Otherwise windows begin at this instant (epoch ms). */
  anchorMs: z.int().nullable(),
  /** nano-USD for usd, otherwise a count. ≥ 0. */
  amount: Amount,
  /** All increases that are not revoked; some may have ended. `capAt` in `policy/limit-cap` computes the cap. */
  increases: z.array(LimitIncrease).readonly().default([]),
  mode: z.enum(LIMIT_MODES),
  /** Percentages (1–100) that raise an alert. */
  thresholds: z.array(z.int()),
  onStoreDown: z.enum(["allow", "refuse"]),
});
export type Limit = z.infer<typeof Limit>;

/** The subjects on which a request counts: ids, and texts that the caller chooses. A tag is `name=value`, a run its session. */
export interface LimitSubjects {
  orgId: Uuid;
  teamId: Uuid | null;
  memberId: Uuid | null;
  keyId: Uuid;
  modelId: Uuid | null;
  tags: readonly string[];
  customer: string | null;
  session: string | null;
  endUser: string | null;
  costCentre: string | null;
  /** Set for one attempt of the request, which counts on limits of its credential only. */
  credentialId?: Uuid;
}
