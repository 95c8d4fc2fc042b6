import type { Price } from "@tollgate/catalog/price";
import type { Provider } from "@tollgate/catalog/providers";
import type { UsageBound } from "@tollgate/catalog/rates";
import type { CredentialPolicy, Grant, ModelPolicy, TargetPolicy } from "@tollgate/contracts/grant";
import {
  type Attempt,
  type GuardrailHit,
  NOTHING_USED,
  type UsageEvent,
  type Use,
} from "@tollgate/contracts/usage-event";
import type { BearingEntry } from "@tollgate/limits/decide";
import type { Answer } from "./answer.ts";
import type { RawJson } from "./body/raw-json.ts";
import type { CachedAnswer } from "./cache/cache.ts";
import type { Cut } from "./cut.ts";
import type { Exchange } from "./exchange.ts";
import type { Way } from "./providers/way.ts";
import type { InferenceSurface, Surface } from "./surfaces/surface.ts";
import type { Asked } from "./wires/wire.ts";

/** One call as it grows. Each stage takes one of these and gives the next, so a wrong order does not compile. */

/**
 * What is to be written down, noted by each stage as soon as it is known: a call refused or lost at any point still
 * leaves its whole story behind.
 */
export interface Trace {
  /** `performance.now()` at arrival. */
  startedAt: number;
  surface: Surface | null;
  cut: Cut | null;
  grant: Grant | null;
  labels: Labels;
  asked: Asked | null;
  model: ModelPolicy | null;
  attempts: Attempt[];
  guardrails: GuardrailHit[];
  flags: Set<string>;
  cache: UsageEvent["cache"];
  /** What is held, for all attempts so far; null: nothing, or no price is known. */
  heldNano: bigint | null;
  isHeld: boolean;
  /** The first limit that it, or a further attempt, did not fit into. */
  refusedBy: UsageEvent["refusedBy"];
  /** Of the price of the last target tried. */
  priceVersion: string | null;
  /** Milliseconds spent waiting for providers. */
  upstreamMs: number;
  firstTokenMs: number | null;
  /** Response headers a stage wants the client to see, refused or not. */
  headers: Record<string, string>;
  isRecorded: boolean;
}

export const openTrace = (): Trace => ({
  startedAt: performance.now(),
  surface: null,
  cut: null,
  grant: null,
  labels: NO_LABELS,
  asked: null,
  model: null,
  attempts: [],
  guardrails: [],
  flags: new Set(),
  cache: "off",
  heldNano: null,
  isHeld: false,
  refusedBy: null,
  priceVersion: null,
  upstreamMs: 0,
  firstTokenMs: null,
  headers: {},
  isRecorded: false,
});

export const NO_LABELS: Labels = { tags: {}, customer: null, metadata: null, clientRequestId: null };

/** The caller's own words about a call: attributes, never keys. */
export interface Labels {
  tags: Record<string, string>;
  customer: string | null;
  metadata: string | null;
  clientRequestId: string | null;
}

export interface Received {
  exchange: Exchange;
  trace: Trace;
  surface: Surface;
  cut: Cut;
}

export interface Authenticated extends Received {
  grant: Grant;
  labels: Labels;
}

export interface Parsed extends Authenticated {
  surface: InferenceSurface;
  asked: Asked;
  body: Readonly<Record<string, unknown>>;
  raw: RawJson;
}

/** One way to answer: where, with whose secret, on which wire, at what price. */
export interface Candidate {
  target: TargetPolicy;
  credential: CredentialPolicy;
  provider: Provider;
  way: Way;
  /** The most one answer of this model can have; null: unknown. */
  maxOutputTokens: number | null;
  /** null: unknown, which is not zero. */
  price: Price | null;
}

export type NonEmpty<T> = [T, ...T[]];

export interface Routed extends Parsed {
  model: ModelPolicy;
  /** In the order they are to be tried. */
  candidates: NonEmpty<Candidate>;
}

export interface Admitted extends Routed {
  /** A bound on the output that we set, for want of the caller's or tighter than it. */
  clampedTokens: number | null;
  /** Upper bound of the prompt's tokens. */
  promptTokensMax: number;
  /** Upper bound of the output's tokens, all choices together; null: unknown. */
  outputTokensMax: number | null;
  /** The most one attempt may use, as it is held. */
  bound: UsageBound;
  /** What is held on each limit, all attempts together. */
  entries: BearingEntry[];
  /** Of what is held, what no attempt can have used. */
  spare: { nano: bigint; tokens: number };
  /** A dollar limit that blocks applies. */
  isBudgeted: boolean;
  /** Where the answer is to be kept, if anywhere. */
  cacheEntry: { key: string; ttlSeconds: number } | null;
  /** The answer itself, when it is known already. */
  cached: CachedAnswer | null;
}

export interface Answered extends Admitted {
  /** Who answers; null: the cache. */
  candidate: Candidate | null;
  answer: Answer;
}

/** The call is over but for its last byte. */
export interface Metered extends Received {
  ending: Ending;
  /** Sends what the client has not had yet. */
  finish(): void;
}

export interface Ending {
  status: number;
  outcome: UsageEvent["outcome"];
  error: string | null;
  errorMessage: string | null;
  provider: string | null;
  upstreamModel: string | null;
  credentialId: string | null;
  use: Use;
  source: UsageEvent["source"];
  /** nano-USD; null: unknown. */
  cost: bigint | null;
  /** What dollar limits count, nano-USD; null: as held. */
  counted: bigint | null;
  pricing: UsageEvent["pricing"];
  priceVersion: string | null;
}

/** How a call ends that never reached a provider. */
export const NO_USE = {
  provider: null,
  upstreamModel: null,
  credentialId: null,
  use: NOTHING_USED,
  source: "none",
  cost: 0n,
  counted: 0n,
  pricing: "free",
  priceVersion: null,
} as const satisfies Partial<Ending>;
