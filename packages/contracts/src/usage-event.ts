import { z } from "zod";

/**
 * What a call used, by unit; the table of units is `catalog/units`. A unit that is absent was not used. Some units are
 * parts of `input` or `output`: their tokens are in both amounts.
 */
export type Use = { input: number; output: number; [unit: string]: number | undefined };

const isAmount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;

function isUse(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  const use = value as Record<string, unknown>;
  for (const unit in use) if (use[unit] !== undefined && !isAmount(use[unit])) return false;
  return isAmount(use.input) && isAmount(use.output);
}

/** A predicate, because the worker checks it twice per event: a schema of any units takes five times as long. */
export const Use: z.ZodType<Use> = z.custom<Use>(isUse, "Expected whole amounts by unit, input and output among them");

/** Usage of a call that used nothing. */
export const NOTHING_USED: Readonly<Use> = Object.freeze({ input: 0, output: 0 });

/** Source of the usage: the provider's report, an estimate, or none. */
export const UsageSource = z.enum(["provider", "estimated", "none"]);
export type UsageSource = z.infer<typeof UsageSource>;

/** Decimal text of a bigint: JSON has no integers of that size. */
const Nano = z.string().regex(/^-?\d{1,38}$/);

export const AttemptFields = z.object({
  targetId: z.string(),
  provider: z.string(),
  upstreamModel: z.string(),
  /** HTTP status; 0 if no response arrived. */
  status: z.int(),
  /** Error code of Tollgate; null if the provider answered. */
  error: z.string().nullable(),
  /** Public text without secrets, addresses and bodies. */
  message: z.string().max(500).nullable(),
  /** Milliseconds from admission. */
  startedMs: z.number(),
  durationMs: z.number(),
  /** Null: nothing was used, or it is unknown. */
  use: Use.nullable(),
  costNano: Nano.nullable(),
  /** The amount that dollar limits count. Absent if it equals the cost. */
  countedNano: Nano.nullable().optional(),
  /** Absent: the credential of the event. */
  credentialId: z.string().optional(),
  /** The request was not sent to the provider. */
  unsent: z.literal(true).optional(),
  /** How it was served, where that affects the price: ids in `catalog/services`. Absent: in the standard way. */
  served: z.array(z.string().max(32)).max(8).optional(),
  /** The model that answered, as the provider names it. Absent: the one that was asked for. */
  answeredModel: z.string().max(200).optional(),
  /** The cost is the provider's own figure. This is the cost at our price, null if unknown. Absent: it is the cost. */
  computedNano: Nano.nullable().optional(),
});
export type Attempt = z.infer<typeof AttemptFields>;
/** Error of an attempt that was not made, because a limit of its credential refused it. */
export const SKIPPED_BY_LIMIT = "limit";

/** An attempt as stored in the ledger, where `use` is named `tokens` (see `eventText`). */
export const StoredAttempt = z.preprocess(
  (stored) =>
    typeof stored === "object" && stored !== null && "tokens" in stored ? { ...stored, use: stored.tokens } : stored,
  AttemptFields,
);

/** The part of the request that a text comes from. */
export const TextOrigin = z.enum(["system", "message", "tool_definition", "tool_input", "tool_output"]);
export type TextOrigin = z.infer<typeof TextOrigin>;

export const GuardrailHit = z.object({
  ruleId: z.string(),
  name: z.string(),
  action: z.enum(["block", "redact", "flag"]),
  shadow: z.boolean(),
  /** Number of matches. If the evaluation failed, only the matches found before. */
  count: z.int(),
  /** Where the first 100 matching texts come from. Older events do not have this field. */
  origins: z.array(TextOrigin).optional(),
  /**
   * Why the rule was not evaluated on the whole request, so that its failure setting applied: no time was left, the
   * pattern cannot be used, its thread ended, or no thread was free. Absent if it was evaluated.
   */
  failure: z.enum(["time", "pattern", "thread", "busy"]).optional(),
});
export type GuardrailHit = z.infer<typeof GuardrailHit>;

/**
 * The record of one request. The proxy writes it once, the spool carries it, and the ledger keeps it. `v` is its
 * version.
 */
export const UsageEvent = z.object({
  v: z.literal(1),
  /** UUIDv7, created on arrival. Its time is the request's admission; it determines window and partition. */
  id: z.uuid(),
  orgId: z.uuid(),
  teamId: z.uuid().nullable(),
  memberId: z.uuid().nullable(),
  keyId: z.uuid(),
  modelId: z.uuid().nullable(),
  /** The requested model name, at most 128 characters. */
  model: z.string().max(128),
  surface: z.string(),
  stream: z.boolean(),
  /** HTTP status that the client got. */
  status: z.int(),
  /** Error code of Tollgate if the call did not succeed. */
  error: z.string().nullable(),
  errorMessage: z.string().max(500).nullable(),
  /** The limit that refused the call or a further attempt, and its subject. Older events do not have it. */
  refusedBy: z
    .object({ limitId: z.uuid(), subject: z.string().max(257) })
    .nullable()
    .default(null),
  outcome: z.enum(["complete", "refused", "failed", "client_left", "cut", "interrupted"]),
  provider: z.string().nullable(),
  upstreamModel: z.string().nullable(),
  credentialId: z.string().nullable(),
  attempts: z.array(AttemptFields),
  cache: z.enum(["hit", "miss", "bypass", "off"]),
  use: Use,
  source: UsageSource,
  /** null: the price is unknown. That is not zero. */
  costNano: Nano.nullable(),
  /**
   * The amount that dollar limits count. It equals the cost, unless the installation does not charge broken answers.
   * Older events do not have it: their cost counts.
   */
  countedNano: Nano.nullable().optional(),
  /** The sum of the holds of all attempts. */
  heldNano: Nano.nullable(),
  pricing: z.enum(["priced", "unpriced", "free"]),
  priceVersion: z.string().nullable(),
  flags: z.array(z.string()),
  guardrails: z.array(GuardrailHit),
  tags: z.record(z.string().max(128), z.string().max(128)),
  customer: z.string().max(128).nullable(),
  /** The run or conversation that the call is part of. Older events do not have this field, and the next two. */
  session: z.string().max(128).nullable().default(null),
  /** The person or account for whom the caller's application made the call, as the request names it. */
  endUser: z.string().max(128).nullable().default(null),
  /** The cost centre of the key, else of its team, else of its member, when the call was made. */
  costCentre: z.string().max(128).nullable().default(null),
  clientRequestId: z.string().max(128).nullable(),
  metadata: z.string().max(4096).nullable(),
  /** Milliseconds from admission. */
  totalMs: z.number(),
  firstTokenMs: z.number().nullable(),
  /** Time spent in Tollgate, without the provider's time. */
  overheadMs: z.number(),
});
export type UsageEvent = z.infer<typeof UsageEvent>;

/**
 * The JSON text of an event, or of its attempts. The field `use` is written as `tokens`: proxies are upgraded before
 * workers and dashboards, and those of the previous version know no other name. This version reads both names, so the
 * next version can write `use`. Only the field has a value like these: quotes within texts are escaped, and tags are
 * texts.
 */
export const eventText = (event: UsageEvent | readonly Attempt[]): string =>
  JSON.stringify(event).replace(/"use":(?=[{n])/g, '"tokens":');

/** The opposite of `eventText`, without a check. Throws a SyntaxError. */
export const eventOfText = (text: string): unknown => JSON.parse(text.replace(/"tokens":(?=[{n])/g, '"use":'));

/** Flag of an event for a call whose usage record is lost. Its cost is its hold. */
export const SPOOL_LOST = "spool_lost";

/** Class of a status, as a dimension of roll-ups. */
export const statusClass = (status: number): string => (status === 499 ? "499" : `${Math.floor(status / 100)}xx`);

/** The tokens that a token limit counts: all input plus all output. */
export const totalTokens = ({ input, output }: Use): number => input + output;
