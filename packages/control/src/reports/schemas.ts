import { AttemptFields, GuardrailHit } from "@tollgate/contracts/usage-event";
import { z } from "zod";
import { Count, Id, Instant, page, Time, Usd } from "../fields.ts";
import { MonthName } from "../ledger/schemas.ts";
import { Limit } from "../limits/schemas.ts";
import { NAMED } from "../names.ts";
import { Tokens, Used } from "./present-use.ts";

/** Without requests, percentiles are null. */
const Totals = z.object({
  requests: z.int(),
  /** Answers of status 4xx and 5xx. */
  errors: z.int(),
  costUsd: Usd,
  /** Requests whose price is unknown; the cost does not include them. */
  unpriced: z.int(),
  tokens: z.int(),
  cacheHits: z.int(),
  p50Ms: z.number().nullable(),
  p95Ms: z.number().nullable(),
  firstTokenP50Ms: z.number().nullable(),
});
export type Totals = z.infer<typeof Totals>;

/** Whether it is deleted; for a key, whether it is revoked. */
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
  /** Every slot of the period, including empty ones. */
  series: z.array(z.object({ slot: Time, requests: z.int(), errors: z.int(), costUsd: Usd, tokens: z.int() })),
  topModels: z.array(Top),
  topKeys: z.array(Top),
  /** Closest to their cap first, at most five. */
  limits: z.array(Limit),
});
export type Overview = z.infer<typeof Overview>;

export const GROUPS = ["model", "key", "team", "member", "provider", "none"] as const;

/** Groups of values that callers choose. A session is a run or conversation. */
export const ATTRIBUTION_GROUPS = ["tag", "customer", "session", "endUser", "costCentre"] as const;
export type AttributionGroup = (typeof ATTRIBUTION_GROUPS)[number];

export const GetSpend = z.strictObject({
  /** Default: the start of the month in the organisation's time zone. */
  from: Instant.optional(),
  /** Default: now. */
  to: Instant.optional(),
  /** Instead of `from` and `to`: a month, `2026-10`. */
  month: MonthName.optional(),
  groupBy: z.enum([...GROUPS, ...ATTRIBUTION_GROUPS]).default("model"),
  /** Default: depends on the length of the range. */
  interval: z.enum(["minute", "hour", "day"]).optional(),
  keyId: Id.optional(),
  teamId: Id.optional(),
  memberId: Id.optional(),
  model: z.string().max(128).optional(),
  provider: z.string().max(50).optional(),
  /** `name=value`. This and the following are combined with no other filter, and with `groupBy` of the same name or `none`. */
  tag: z
    .string()
    .max(257)
    .regex(/^[^=]+=/, "must read name=value")
    .optional(),
  customer: z.string().max(128).optional(),
  session: z.string().max(128).optional(),
  endUser: z.string().max(128).optional(),
  costCentre: z.string().max(128).optional(),
});

const Sums = z.object({
  costUsd: Usd,
  requests: z.int(),
  errors: z.int(),
  unpriced: z.int(),
  cacheHits: z.int(),
  inputTokens: z.int(),
  outputTokens: z.int(),
  /** Sums of units other than tokens, such as images; what was not used is absent. */
  use: Used,
});
export type Sums = z.infer<typeof Sums>;

/** Late adjustments: what counts in a range but belongs to a month that was already closed. */
const LateLine = z.object({
  /** The closed month, `2026-10`. */
  month: z.string(),
  /** Requests that arrived after the month was closed. */
  late: z.int(),
  /** Requests of the month that were re-rated. */
  rerated: z.int(),
  costUsd: Usd,
});
export type LateLine = z.infer<typeof LateLine>;

/**
 * The sum of the rows and `other` is `total`, and so is the sum of the series, exact to the nano-dollar. Of more than eleven groups
 * the series has those with the highest cost, and one group `*other` for the others. By tag, customer, session, end user and cost
 * centre there are two more groups: `*unregistered` for values that are not shown by name, and `*none` for calls without a value. Tags
 * overlap: a call counts on each of its tags, so they do not add up to `total`, and their series has no `*other`.
 */
export const Spend = z.object({
  from: Time,
  to: Time,
  interval: z.enum(["minute", "hour", "day"]),
  timeZone: z.string(),
  /** Every slot of the range, including empty ones. */
  slots: z.array(Time),
  groups: z.array(z.object({ id: z.string(), label: z.string(), deleted: Deleted })),
  series: z.array(Sums.extend({ slot: Time, groupId: z.string() })),
  /** Highest cost first, at most a hundred groups. */
  rows: z.array(Sums.extend({ groupId: z.string(), label: z.string(), deleted: Deleted })),
  /** All other groups together, and how many there are; null: there is none. `atLeast`: keys are too many to count, there may be more. */
  other: Sums.extend({ groups: z.int(), atLeast: z.boolean() }).nullable(),
  total: Sums,
  /** For the period of the same length before `from`. */
  previousTotal: Sums,
  /** Late adjustments within these figures; latest month first. */
  adjustments: z.array(LateLine),
  /** For `month`: what arrived after it was closed. Not in these figures. */
  later: LateLine.nullable(),
  /** By tag, customer, session, end user or cost centre, or filtered by one; else null. */
  attribution: z
    .object({
      /** A call can count in several groups. */
      overlaps: z.boolean(),
      /** Months (UTC) that have as many values as are shown by name: later ones count in `*unregistered`. */
      fullMonths: z.array(z.object({ month: z.string(), values: z.int() })),
      /** After an upgrade: figures from before this instant are still being computed. Null: all are complete. */
      completeSince: Time.nullable(),
    })
    .nullable(),
  /** When the roll-ups were last compared with the events; null: not yet. */
  lastReconciledAt: Time.nullable(),
});
export type Spend = z.infer<typeof Spend>;

/** The beginning of an export. `from` and `to` are those of its rows, in whole slots. */
export const SpendExport = z.object({
  from: Time,
  to: Time,
  interval: z.enum(["minute", "hour", "day"]),
  slots: z.int(),
  total: Sums,
});
export type SpendExport = z.infer<typeof SpendExport>;

const GroupId = z.string().max(1_000);
/** Groups of which an export reads the rows at once. */
export const GROUPS_MAX = 2_000;

export const GetSpendGroups = GetSpend.extend({ after: GroupId.nullable() });
export const SpendGroups = z.object({ ids: z.array(z.string()), isLast: z.boolean() });

export const GetSpendRows = GetSpend.extend({ ids: z.array(GroupId).max(GROUPS_MAX) });
export const SpendRows = z.object({
  rows: z.array(Sums.extend({ slot: Time, groupId: z.string(), label: z.string(), deleted: Deleted })),
});
export type SpendRows = z.infer<typeof SpendRows>;

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
  /** The run or conversation. */
  session: z.string().max(128).optional(),
  endUser: z.string().max(128).optional(),
  /** The one that the request counted on, whatever its key has now. */
  costCentre: z.string().max(128).optional(),
  cache: z.enum(["hit", "miss", "bypass", "off"]).optional(),
  costAtLeastUsd: Usd.optional(),
  msAtLeast: Count(0, 86_400_000).optional(),
  /** Part of the model, error, client request id or customer; or a whole request id. */
  text: z.string().normalize("NFKC").trim().max(200).optional(),
});

export const RequestRow = z.object({
  id: z.uuid(),
  at: Time,
  keyId: z.uuid(),
  keyName: z.string(),
  teamName: z.string().nullable(),
  memberName: z.string().nullable(),
  /** Which of the named objects are deleted; for the key, revoked. */
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
  /** Null: the price is unknown (which is not zero), or the request is open. */
  costUsd: Usd.nullable(),
  /** It created a batch that has not ended: limits count the held amount until then. */
  isOpen: z.boolean(),
  /** The most that it could cost, which was held before it began. Null: nothing was held. */
  heldUsd: Usd.nullable(),
  pricing: z.enum(["priced", "unpriced", "free"]),
  source: z.enum(["provider", "estimated", "none"]),
  totalMs: z.number(),
  firstTokenMs: z.number().nullable(),
  /** Guardrail rules that matched. */
  guardrailHits: z.int(),
  /** The run or conversation that the call was part of. */
  session: z.string().nullable(),
});
export type RequestRow = z.infer<typeof RequestRow>;

/** A page can have fewer rows than its limit, and none, although there is a next one. */
export const RequestPage = page(RequestRow).extend({
  /** Set if the search ended early, to answer in time: requests before this instant are not searched yet. `nextCursor` continues there. */
  searchedBackTo: Time.nullable(),
});

/** An adjustment of a request in the ledger. It is written once and never changed. */
export const Adjustment = z.object({
  at: Time,
  /** priced: the price was unknown. repriced: the price changed. late: it arrived after its month was closed. */
  reason: z.enum(["priced", "repriced", "late"]),
  /** The difference; for `late`, the whole cost. */
  costUsd: Usd,
  /** Null when the price did not change. */
  priceVersion: z.string().nullable(),
  /** The time at which it counts: that of the request, or one in the open month if the request's month is closed. */
  bookedAt: Time,
  /** The month of the request, `2026-10`, if it was closed. */
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
  attempts: z.array(
    AttemptFields.omit({ costNano: true, countedNano: true, computedNano: true }).extend({
      /** The provider reported the cost; this is the cost at our price, null if unknown. Absent: the cost is at our price. */
      computedUsd: Usd.nullable().optional(),
      use: Used.nullable(),
      tokens: Tokens.nullable(),
      costUsd: Usd.nullable(),
    }),
  ),
  use: Used,
  tokens: Tokens,
  /**
   * The amount that dollar limits count. It is the cost, except for broken responses that the installation does not
   * charge.
   */
  countedUsd: Usd.nullable(),
  priceVersion: z.string().nullable(),
  /** Oldest first; `costUsd` includes them. */
  adjustments: z.array(Adjustment),
  flags: z.array(z.string()),
  guardrails: z.array(GuardrailHit),
  tags: z.record(z.string(), z.string()),
  customer: z.string().nullable(),
  /** The person or account for whom the caller's application made the call. */
  endUser: z.string().nullable(),
  /** The cost centre that applied at the time of the call: the key's, else the team's, else the member's. */
  costCentre: z.string().nullable(),
  clientRequestId: z.string().nullable(),
  metadata: z.string().nullable(),
  overheadMs: z.number(),
});
export type RequestDetail = z.infer<typeof RequestDetail>;
