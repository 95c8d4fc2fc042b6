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
import { NO_LABELS } from "./labels.ts";
import type { Way } from "./providers/way.ts";
import type { InferenceSurface, Surface } from "./surfaces/surface.ts";
import type { Asked } from "./wires/wire.ts";

/**
 * One call: one object from arrival to the last byte. Each stage adds to it and returns it as a type that says so, hence a
 * wrong order does not compile. These fields can be read at any time: they are what is recorded of a call, however early
 * it is refused or lost. Null: not known yet.
 */
export class Call {
  readonly exchange: Exchange;
  /** `performance.now()` at arrival. */
  readonly startedAt = performance.now();
  surface: Surface | null = null;
  cut: Cut | null = null;
  grant: Grant | null = null;
  labels = NO_LABELS;
  asked: Asked | null = null;
  model: ModelPolicy | null = null;
  readonly attempts: Attempt[] = [];
  guardrails: GuardrailHit[] = [];
  readonly flags = new Set<string>();
  cache: UsageEvent["cache"] = "off";
  /** nano-USD held for all attempts so far; null: nothing, or no price is known. */
  heldNano: bigint | null = null;
  isHeld = false;
  /** The first limit that the call, or a further attempt, did not fit into. */
  refusedBy: UsageEvent["refusedBy"] = null;
  /** Of the price of the last target tried. */
  priceVersion: string | null = null;
  /** Milliseconds spent waiting for providers. */
  upstreamMs = 0;
  firstTokenMs: number | null = null;
  /** Response headers that a stage wants the client to see, refused or not. */
  readonly headers: Record<string, string> = {};
  isRecorded = false;

  constructor(exchange: Exchange) {
    this.exchange = exchange;
  }
}

export type Received = Call & { surface: Surface; cut: Cut };

export type Authenticated = Received & { grant: Grant };

export type Parsed = Authenticated & {
  surface: InferenceSurface;
  asked: Asked;
  /** Redacted from `admit` on. Only its wire knows its fields. */
  body: object;
  /** The same as bytes: the caller's own wherever nothing was changed. */
  raw: RawJson;
};

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

export type Routed = Parsed & {
  model: ModelPolicy;
  /** In the order they are to be tried. */
  candidates: NonEmpty<Candidate>;
};

/** What the call may use. */
export interface Allowance {
  /** Those that may be used under the limits that apply. */
  candidates: NonEmpty<Candidate>;
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
  /** Of what is held, what no attempt can have used, and none that is under way may use. */
  spare: { nano: bigint; tokens: number };
  /** A dollar limit that blocks applies. */
  isBudgeted: boolean;
}

export type Admitted = Routed &
  Allowance & {
    /** Where the answer is to be kept, if anywhere. */
    cacheEntry: { key: string; ttlSeconds: number } | null;
    /** The answer itself, when it is known already. */
    cached: CachedAnswer | null;
  };

export type Answered = Admitted & {
  /** Who answers; null: the cache. */
  candidate: Candidate | null;
  /** The attempt that answers, of those on the call; null: the cache. */
  attempt: Attempt | null;
  answer: Answer;
};

/** The call is over but for its last byte. */
export type Metered = Answered & {
  ending: Ending;
  /** Sends what the client has not had yet. */
  finish(): void;
};

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
