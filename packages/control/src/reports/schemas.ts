import { Attempt, GuardrailHit, Tokens } from "@tollgate/contracts/usage-event";
import { z } from "zod";
import { Count, Id, Instant, page, Time, Usd } from "../fields.ts";
import { MonthName } from "../ledger/schemas.ts";
import { Limit } from "../limits/schemas.ts";
import { NAMED } from "../names.ts";

/** Zero requests: percentiles are null. */
const Totals = z.object({
  requests: z.int(),
  /** Answers of status 4xx and 5xx. */
  errors: z.int(),
  costUsd: Usd,
  /** Requests whose price is unknown: they are not in the cost. */
  unpriced: z.int(),
  tokens: z.int(),
  cacheHits: z.int(),
  p50Ms: z.number().nullable(),
  p95Ms: z.number().nullable(),
  firstTokenP50Ms: z.number().nullable(),
});
export type Totals = z.infer<typeof Totals>;

/** Whether it is there no more; of a key, whether it is revoked. */
const Deleted = z.boolean();

const Top = z.object({ id: z.string(), label: z.string(), deleted: Deleted, requests: z.int(), costUsd: Usd });

export const GetOverview = z.strictObject({ hours: Count(1, 24 * 92).default(24) });

export const Overview = z.object({
  from: Time,
  to: Time,
  interval: z.enum(["minute", "hour", "day"]),
  timeZone: z.string(),
  current: Totals,
  /** The period of the same length before `from`. */
  previous: Totals,
  /** Every slot of the period, empty ones too. */
  series: z.array(z.object({ slot: Time, requests: z.int(), errors: z.int(), costUsd: Usd, tokens: z.int() })),
  topModels: z.array(Top),
  topKeys: z.array(Top),
  /** Those closest to their end first, at most five. */
  limits: z.array(Limit),
});
export type Overview = z.infer<typeof Overview>;

export const GROUPS = ["model", "key", "team", "member", "provider", "none"] as const;

export const GetSpend = z.strictObject({
  /** The start of the month, in the organisation's zone, when absent. */
  from: Instant.optional(),
  /** Now when absent. */
  to: Instant.optional(),
  /** A whole month of the ledger instead, `2026-10`. */
  month: MonthName.optional(),
  groupBy: z.enum(GROUPS).default("model"),
  /** Chosen by the range's length when absent. */
  interval: z.enum(["minute", "hour", "day"]).optional(),
  keyId: Id.optional(),
  teamId: Id.optional(),
  memberId: Id.optional(),
  model: z.string().max(128).optional(),
  provider: z.string().max(50).optional(),
});

const Sums = z.object({
  costUsd: Usd,
  requests: z.int(),
  errors: z.int(),
  unpriced: z.int(),
  cacheHits: z.int(),
  inputTokens: z.int(),
  outputTokens: z.int(),
});
export type Sums = z.infer<typeof Sums>;

/** What was booked in a range for a month that was closed by then; it is in the range's figures. */
const LateLine = z.object({
  /** The closed one, `2026-10`. */
  month: z.string(),
  /** Requests that came after it was closed. */
  late: z.int(),
  /** Requests of it that were priced anew. */
  rerated: z.int(),
  costUsd: Usd,
});
export type LateLine = z.infer<typeof LateLine>;

/** Rows add up to `total` and each row to its chart, to the nano-dollar. */
export const Spend = z.object({
  from: Time,
  to: Time,
  interval: z.enum(["minute", "hour", "day"]),
  timeZone: z.string(),
  /** Every slot of the range, empty ones too, so that a chart has no holes. */
  slots: z.array(Time),
  groups: z.array(z.object({ id: z.string(), label: z.string(), deleted: Deleted })),
  series: z.array(Sums.extend({ slot: Time, groupId: z.string() })),
  /** Dearest first. */
  rows: z.array(Sums.extend({ groupId: z.string(), label: z.string(), deleted: Deleted })),
  total: Sums,
  /** Of the period of the same length before `from`. */
  previousTotal: Sums,
  /** Of closed months, within these figures; latest month first. */
  adjustments: z.array(LateLine),
  /** Of the one month asked for, what came after it was closed: not in these figures. */
  later: LateLine.nullable(),
  /** When the roll-ups were last held against the events; null: not yet. */
  lastReconciledAt: Time.nullable(),
});
export type Spend = z.infer<typeof Spend>;

export const ListRequests = z.strictObject({
  cursor: Id.optional(),
  limit: Count(1, 200).default(50),
  from: Instant.optional(),
  to: Instant.optional(),
  keyId: Id.optional(),
  teamId: Id.optional(),
  memberId: Id.optional(),
  model: z.string().max(128).optional(),
  provider: z.string().max(50).optional(),
  status: z.enum(["2xx", "4xx", "5xx", "499", "error"]).optional(),
  /** `name=value`. */
  tag: z.string().max(257).optional(),
  customer: z.string().max(128).optional(),
  cache: z.enum(["hit", "miss", "bypass", "off"]).optional(),
  costAtLeastUsd: Usd.optional(),
  msAtLeast: Count(0, 86_400_000).optional(),
  /** Part of the model, the error, the client's request id or customer; or a whole request id. */
  text: z.string().normalize("NFKC").trim().max(200).optional(),
});

export const RequestRow = z.object({
  id: z.uuid(),
  at: Time,
  keyId: z.uuid(),
  keyName: z.string(),
  teamName: z.string().nullable(),
  memberName: z.string().nullable(),
  /** Which of those it names are deleted since, or of the key, revoked. */
  deleted: z.array(z.enum(NAMED)),
  model: z.string(),
  provider: z.string().nullable(),
  upstreamModel: z.string().nullable(),
  surface: z.string(),
  stream: z.boolean(),
  status: z.int(),
  error: z.string().nullable(),
  outcome: z.string(),
  cache: z.enum(["hit", "miss", "bypass", "off"]),
  attemptCount: z.int(),
  inputTokens: z.int(),
  outputTokens: z.int(),
  /** Null: the price is unknown, which is not zero. */
  costUsd: Usd.nullable(),
  pricing: z.enum(["priced", "unpriced", "free"]),
  source: z.enum(["provider", "estimated", "none"]),
  totalMs: z.number(),
  firstTokenMs: z.number().nullable(),
  /** Guardrail rules that matched. */
  guardrailHits: z.int(),
});
export type RequestRow = z.infer<typeof RequestRow>;

export const RequestPage = page(RequestRow);

/** An adjustment of a request in the ledger. It is written once and never changed. */
export const Adjustment = z.object({
  at: Time,
  /** Its price had been unknown; its price has changed; it came when its month was closed. */
  reason: z.enum(["priced", "repriced", "late"]),
  /** The difference; of a late one, its whole cost. */
  costUsd: Usd,
  /** Null when its price is the same. */
  priceVersion: z.string().nullable(),
  /** Where it is in the figures: with the request, or in the open month when the request's is closed. */
  bookedAt: Time,
  /** `2026-10`: the request's month, when that is closed. */
  closedMonth: z.string().nullable(),
  askedBy: z.string().nullable(),
  note: z.string().nullable(),
});
export type Adjustment = z.infer<typeof Adjustment>;

export const RequestDetail = RequestRow.extend({
  errorMessage: z.string().nullable(),
  teamId: z.uuid().nullable(),
  memberId: z.uuid().nullable(),
  modelId: z.uuid().nullable(),
  credentialId: z.string().nullable(),
  credentialName: z.string().nullable(),
  attempts: z.array(Attempt.omit({ costNano: true, countedNano: true }).extend({ costUsd: Usd.nullable() })),
  tokens: Tokens,
  /** What dollar limits count of it: the cost, but for broken answers that the installation does not book. */
  countedUsd: Usd.nullable(),
  heldUsd: Usd.nullable(),
  priceVersion: z.string().nullable(),
  /** First to last; the differences are in the cost. */
  adjustments: z.array(Adjustment),
  flags: z.array(z.string()),
  guardrails: z.array(GuardrailHit),
  tags: z.record(z.string(), z.string()),
  customer: z.string().nullable(),
  clientRequestId: z.string().nullable(),
  metadata: z.string().nullable(),
  overheadMs: z.number(),
});
export type RequestDetail = z.infer<typeof RequestDetail>;
