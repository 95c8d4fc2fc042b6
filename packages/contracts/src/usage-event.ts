import { z } from "zod";

const Amount = z.int().nonnegative();

/**
 * What a call used, by unit; the table of units is `catalog/units`. A unit that is absent was not used. Some units are
 * parts of `input` or `output`: their tokens are in both amounts.
 */
export type Use = { input: number; output: number; [unit: string]: number | undefined };
export const Use: z.ZodType<Use> = z.object({ input: Amount, output: Amount }).catchall(Amount.optional());

/** Of a call that used nothing. */
export const NOTHING_USED: Readonly<Use> = Object.freeze({ input: 0, output: 0 });

/** Reads what processes of the version before have written: they name `use` `tokens`. */
export const withUse = (stored: unknown): unknown =>
  typeof stored === "object" && stored !== null && "tokens" in stored && !("use" in stored)
    ? { ...stored, use: stored.tokens }
    : stored;

/** Where the token counts come from: the provider's own report, our estimate, or nothing was used. */
export const UsageSource = z.enum(["provider", "estimated", "none"]);
export type UsageSource = z.infer<typeof UsageSource>;

/** Decimal text of a bigint: JSON has no integers of that size. */
const Nano = z.string().regex(/^-?\d{1,38}$/);

export const AttemptFields = z.object({
  targetId: z.string(),
  provider: z.string(),
  upstreamModel: z.string(),
  /** 0 when no response came. */
  status: z.int(),
  /** An error code of ours, or null when it answered. */
  error: z.string().nullable(),
  /** Public text: never a secret, an address or a body. */
  message: z.string().max(500).nullable(),
  /** Milliseconds from admission. */
  startedMs: z.number(),
  durationMs: z.number(),
  /** Null: nothing, or nobody knows. */
  use: Use.nullable(),
  /** The same for processes of the version before. */
  tokens: Use.nullable().optional(),
  costNano: Nano.nullable(),
  /** What dollar limits count of it; absent where that is its cost. */
  countedNano: Nano.nullable().optional(),
});
export const Attempt = z.preprocess(withUse, AttemptFields);
export type Attempt = z.infer<typeof Attempt>;

export const GuardrailHit = z.object({
  ruleId: z.string(),
  name: z.string(),
  action: z.enum(["block", "redact", "flag"]),
  shadow: z.boolean(),
  /** Matches; with a failure, those found before it. */
  count: z.int(),
  /**
   * Why the rule was not evaluated on the whole request, so that its setting decided: no time was left, the pattern
   * cannot be used, its thread ended, or no thread was free. Absent: it was.
   */
  failure: z.enum(["time", "pattern", "thread", "busy"]).optional(),
});
export type GuardrailHit = z.infer<typeof GuardrailHit>;

/** One request's whole story, written once by the proxy, carried by the spool, kept by the ledger. `v` is its version. */
const UsageEventFields = z.object({
  v: z.literal(1),
  /** UUIDv7, minted at the door; its time is the request's admission and names window and partition. */
  id: z.uuid(),
  orgId: z.uuid(),
  teamId: z.uuid().nullable(),
  memberId: z.uuid().nullable(),
  keyId: z.uuid(),
  modelId: z.uuid().nullable(),
  /** The public name asked for, at most 128 characters. */
  model: z.string().max(128),
  surface: z.string(),
  stream: z.boolean(),
  /** What the client was told. */
  status: z.int(),
  /** Our code when the call did not succeed. */
  error: z.string().nullable(),
  errorMessage: z.string().max(500).nullable(),
  /** The limit that the call, or a further attempt of it, did not fit into, and its subject. Older events do not say. */
  refusedBy: z
    .object({ limitId: z.uuid(), subject: z.string().max(257) })
    .nullable()
    .default(null),
  outcome: z.enum(["complete", "refused", "failed", "client_left", "cut", "interrupted"]),
  provider: z.string().nullable(),
  upstreamModel: z.string().nullable(),
  credentialId: z.string().nullable(),
  attempts: z.array(Attempt),
  cache: z.enum(["hit", "miss", "bypass", "off"]),
  use: Use,
  /** The same for processes of the version before. */
  tokens: Use.optional(),
  source: UsageSource,
  /** null: the price is unknown, which is not zero. */
  costNano: Nano.nullable(),
  /**
   * What dollar limits count: the cost, unless the installation does not book broken answers as they are counted. Older
   * events do not have it: they count their cost.
   */
  countedNano: Nano.nullable().optional(),
  /** All that was held for it, for every attempt. */
  heldNano: Nano.nullable(),
  pricing: z.enum(["priced", "unpriced", "free"]),
  priceVersion: z.string().nullable(),
  flags: z.array(z.string()),
  guardrails: z.array(GuardrailHit),
  tags: z.record(z.string().max(128), z.string().max(128)),
  customer: z.string().max(128).nullable(),
  clientRequestId: z.string().max(128).nullable(),
  metadata: z.string().max(4096).nullable(),
  /** Milliseconds from admission. */
  totalMs: z.number(),
  firstTokenMs: z.number().nullable(),
  /** Time spent by us, without the upstream's. */
  overheadMs: z.number(),
});
export const UsageEvent = z.preprocess(withUse, UsageEventFields);
export type UsageEvent = z.infer<typeof UsageEvent>;

/** Flag of an event that stands for a call whose usage records are lost: it costs what was held for it. */
export const SPOOL_LOST = "spool_lost";

/** Roll-up dimension of a status. */
export const statusClass = (status: number): string => (status === 499 ? "499" : `${Math.floor(status / 100)}xx`);

/** The tokens a token limit counts: everything in plus everything out. */
export const totalTokens = ({ input, output }: Use): number => input + output;
