import type { Price } from "@tollgate/catalog/price";
import type { Provider } from "@tollgate/catalog/providers";
import type { UsageBound } from "@tollgate/catalog/rates";
import type { CredentialPolicy, Grant, RoutedModel, TargetPolicy } from "@tollgate/contracts/grant";
import type { Uuid } from "@tollgate/contracts/ids";
import type { ModelTimeouts } from "@tollgate/contracts/timeouts";
import {
  type Attempt,
  type GuardrailHit,
  NOTHING_USED,
  type UsageEvent,
  type Use,
} from "@tollgate/contracts/usage-event";
import type { BearingEntry } from "@tollgate/limits/decide";
import type { Answer } from "./answer.ts";
import type { RawBody } from "./body/raw-body.ts";
import type { CachedAnswer } from "./cache/cache.ts";
import type { Cut } from "./cut.ts";
import type { Exchange } from "./exchange.ts";
import { NO_LABELS } from "./labels.ts";
import type { Way } from "./providers/way.ts";
import type { InferenceSurface, Surface } from "./surfaces/surface.ts";
import type { Restored } from "./wires/kept.ts";
import type { Asked } from "./wires/wire.ts";

/**
 * One call: the same object from arrival to the last byte. Each stage adds fields and returns the object as a
 * narrower type, so a wrong order of stages does not compile. These fields are recorded however early the call is
 * refused or fails. Null means not known yet.
 */
export class Call {
  readonly exchange: Exchange;
  /** `performance.now()` at arrival. */
  readonly startedAt = performance.now();
  surface: Surface | null = null;
  cut: Cut | null = null;
  /** The times that the caller asks for; null: none. */
  timeouts: ModelTimeouts | null = null;
  grant: Grant | null = null;
  labels = NO_LABELS;
  asked: Asked | null = null;
  model: RoutedModel | null = null;
  readonly attempts: Attempt[] = [];
  guardrails: GuardrailHit[] = [];
  readonly flags = new Set<string>();
  cache: UsageEvent["cache"] = "off";
  /** nano-USD held for all attempts so far; null when nothing is held or no price is known. */
  heldNano: bigint | null = null;
  isHeld = false;
  /** The entries held on limits of each credential; null: no such limit applies. */
  credentialHolds: Map<Uuid, BearingEntry[]> | null = null;
  /** Targets that were skipped because of a limit of their credential; null: none. */
  skipped: Attempt[] | null = null;
  /** The credential of the last attempt. */
  credentialId: Uuid | null = null;
  /** The first limit that the call, or a further attempt, did not fit into. */
  refusedBy: UsageEvent["refusedBy"] = null;
  /** Price version of the last target that was tried. */
  priceVersion: string | null = null;
  /** Milliseconds spent waiting for providers. */
  upstreamMs = 0;
  firstTokenMs: number | null = null;
  /** Response headers set by stages; they are sent with answers and refusals. */
  readonly headers: Record<string, string> = {};
  isRecorded = false;
  /*
   * The types below describe these fields and name the stage that sets each. They are declared here so that all calls have
   * one shape from the start: adding a property to an object takes ten times as long as setting one.
   */
  body: object | null = null;
  raw: RawBody | null = null;
  candidates: NonEmpty<Candidate> | null = null;
  /** The earlier response that the call continues; null: none. */
  continued: Continued | null = null;
  /** Items of kept responses that were put into the body; null: none. */
  restored: Restored | null = null;
  /** The complete response, to be kept; null: it is not, or is not complete. */
  made: { id: string; response: Buffer } | null = null;
  /** The files and containers that the request names; null: none. */
  stored: StoredObjects | null = null;
  clampedTokens: number | null = null;
  promptTokensMax: number | null = null;
  /** How often the model may read its context: more than once if the provider runs tools. */
  rounds = 1;
  outputTokensMax: number | null = null;
  bound: UsageBound | null = null;
  entries: BearingEntry[] | null = null;
  spare: Allowance["spare"] | null = null;
  isBudgeted: boolean | null = null;
  cacheEntry: CacheEntry | null = null;
  cached: CachedAnswer | null = null;
  candidate: Candidate | null = null;
  attempt: Attempt | null = null;
  answer: Answer | null = null;
  ending: Ending | null = null;
  finish: (() => void) | null = null;

  constructor(exchange: Exchange) {
    this.exchange = exchange;
  }
}

export type Received = Call & { surface: Surface; cut: Cut };

export type Authenticated = Received & { grant: Grant };

export type Parsed = Authenticated & {
  surface: InferenceSurface;
  asked: Asked;
  /** After `admit` it is redacted. Only its wire knows its fields. */
  body: object;
  /** The same body as bytes; parts that were not changed are the caller's own bytes. */
  raw: RawBody;
};

/** An earlier response that a call continues. Only its credential has it. */
export interface Continued {
  credentialId: string;
  /** The provider's id of the response. */
  providerId: string;
}

/** Files and containers that a request names. Only their credential has them. */
export interface StoredObjects {
  credentialId: string;
  /** A field that names one. */
  param: string;
  /** The provider's ids of files that the key uploaded. */
  uploads: ReadonlySet<string>;
}

/** A target that may serve the call, with its credential, wire and price. */
export interface Candidate {
  target: TargetPolicy;
  credential: CredentialPolicy;
  provider: Provider;
  way: Way;
  /** Maximum output tokens of one answer of this model; null: unknown. */
  maxOutputTokens: number | null;
  /** The name of the target's model in the catalogue: its base model if its own name is not one. */
  knownAs: string;
  /** The model's context window, in tokens; null: unknown. */
  contextWindow: number | null;
  /** Services that follow from the credential's address (`catalog/services`), such as a region. */
  services: readonly string[];
  /** The list price. Null: unknown, which does not mean free. */
  price: Price | null;
  /** The most expensive price that the call may get, for holds. Null: the price, or that of a service, is unknown. */
  maxPrice: Price | null;
}

export type NonEmpty<T> = [T, ...T[]];

export type Routed = Parsed & {
  model: RoutedModel;
  /** In the order in which they are tried. */
  candidates: NonEmpty<Candidate>;
};

/** Bounds of the call's usage, and its holds. */
export interface Allowance {
  /** The candidates that are allowed under the limits that apply. */
  candidates: NonEmpty<Candidate>;
  /** Output bound that the gateway sets when the caller's is missing or larger; null: none. */
  clampedTokens: number | null;
  /** Upper bound of the prompt's tokens. */
  promptTokensMax: number;
  /** Upper bound of the output's tokens, all choices together; null: unknown. */
  outputTokensMax: number | null;
  /** The most that one attempt may use; this is held. */
  bound: UsageBound;
  /** Amounts held on each limit, for all attempts together. */
  entries: BearingEntry[];
  /** The part of the hold that no ended attempt has used and no running attempt may use. */
  spare: { nano: bigint; tokens: number };
  /** True when a blocking dollar limit applies. */
  isBudgeted: boolean;
}

interface CacheEntry {
  key: string;
  ttlSeconds: number;
}

export type Admitted = Routed &
  Allowance & {
    /** Where to store the answer in the cache; null: nowhere. */
    cacheEntry: CacheEntry | null;
    /** The cached answer, on a hit. */
    cached: CachedAnswer | null;
  };

export type Answered = Admitted & {
  /** The candidate that answers; null: the cache. */
  candidate: Candidate | null;
  /** The attempt that answers, of those on the call; null: the cache. */
  attempt: Attempt | null;
  answer: Answer;
};

/** A call that is complete except for its last byte. */
export type Metered = Answered & {
  ending: Ending;
  /** Sends the rest of the answer to the client. */
  finish: () => void;
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
  /** Amount that dollar limits count, in nano-USD; null: the amount held. */
  counted: bigint | null;
  pricing: UsageEvent["pricing"];
  priceVersion: string | null;
}

/** Ending fields of a call that never reached a provider. */
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
