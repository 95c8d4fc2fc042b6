import type { BatchSurfaceName } from "@tollgate/contracts/batch";
import type { CredentialPolicy, Grant, KeyPolicy, KeySecret, OrgPolicy } from "@tollgate/contracts/grant";
import type { Uuid } from "@tollgate/contracts/ids";
import type { UsageEvent } from "@tollgate/contracts/usage-event";
import type { TrustedProxies } from "@tollgate/dial/client-address";
import type { BearingEntry } from "@tollgate/limits/decide";
import type { LimitStore, Soon } from "@tollgate/limits/store";
import type { Opened } from "@tollgate/vault/opened";
import type { ResourceIds } from "@tollgate/vault/resource-id";
import type { Lanes } from "./body/steps.ts";
import type { Cache } from "./cache/cache.ts";
import type { Cut } from "./cut.ts";
import type { PolicyAge } from "./directory/freshness.ts";
import type { GuardrailThreads } from "./guardrails/threads.ts";
import type { KeptResponses } from "./kept/kept-responses.ts";
import type { Metrics } from "./metrics.ts";
import type { ProcessesState } from "./processes/messages.ts";
import type { Tokens } from "./providers/auth/tokens.ts";
import type { Health } from "./routing/breaker.ts";
import type { Lessons } from "./routing/lessons.ts";
import type { Pauses } from "./routing/pauses.ts";
import type { RetryBudget } from "./routing/retry-budget.ts";
import type { Upstreams } from "./upstreams.ts";

/** The sender of a request. */
export interface Asker {
  /** Epoch ms of the call. */
  readonly atMs: number;
  readonly clientAddress: string | null;
  /** The client that the sender names, if it is not a trusted reverse proxy; null: none. It may be forged. */
  readonly claimedAddress?: string | null;
}

export interface BatchQuery {
  orgId: Uuid;
  keyId: Uuid;
  surface: BatchSurfaceName;
  /** Only this one. */
  only?: StoredAt;
  /** Only those that were created before this one. */
  before?: StoredAt;
  most: number;
}

/** Where an object is stored, and its id there. */
export interface StoredAt {
  credentialId: string;
  providerId: string;
}

/** A batch that a key has created. */
export interface KnownBatch extends StoredAt {
  /** What it used is in the ledger. */
  isSettled: boolean;
}

/** Policy of the organisations and keys in use. */
export interface Directory {
  /**
   * The policy of a key. If it is in memory it is returned synchronously, so the hot path does not wait for Postgres.
   * Otherwise it is read. Undefined: the key does not exist. Rejects with 503 `policy_unavailable` if that is unknown, and
   * with 429 if this address asks for too many keys that do not exist. Returns the same object until the policy changes.
   */
  find(publicId: string, asker: Asker): Soon<Grant | undefined>;
  /** A key in use, as it is in memory. It follows changes. */
  key(publicId: string): KeyPolicy | undefined;
  /** An organisation in use, as it is in memory. */
  org(orgId: Uuid): OrgPolicy | undefined;
  /** False while loading, and while a change may not have been read yet. */
  fresh(): boolean;
  /** True once policy of any age can be answered, from Postgres or from a copy on disk. */
  ready(): boolean;
  /** False when this organisation's policy is older than the operator allows. */
  serves(orgId: Uuid): boolean;
  /** Age of the policy, and at most `most` organisations whose policy is stale. */
  age(most: number): PolicyAge;
  /** The batches of a key that are in the ledger, newest first. Rejects with 503 `policy_unavailable` if Postgres is down. */
  batches(query: BatchQuery): Promise<KnownBatch[]>;
  /** Whether any organisation has a limit that blocks. */
  blocks(): boolean;
}

/** Written before a call is sent to a provider: enough to account for it if this process crashes. */
export interface Dispatch {
  id: Uuid;
  /** The text (`eventText`) of the event to record if the call never ends. */
  text: string;
}

export interface Spool {
  /**
   * Records an attempt. Nothing is sent to a provider before this resolves: the record is in the file then, or its write failed
   * and is tried again. The last record of an id counts.
   */
  dispatched(record: Dispatch): Promise<void>;
  /** Resolves when the record is in the file and survives a kill of this process. Rejects when the write fails. */
  settled(event: UsageEvent): Promise<void>;
  /** False while writes fail. Calls under a blocking budget are then refused or flagged, see `spoolFull`. */
  healthy(): boolean;
}

export interface LimitGate {
  /**
   * Waits until the call's limits can be decided, at most two seconds. Throws 503 `limit_store_unavailable`, or 499
   * when the client leaves during the wait.
   */
  pass(orgId: Uuid, entries: readonly BearingEntry[], cut: Cut): Soon<void>;
  /** True from the start until this process may decide about blocking limits, or it is known that it may not. */
  isStarting(): boolean;
  /** Why this process may not admit calls under blocking limits; null when it may, or when that is unknown. */
  refusal(): string | null;
}

export interface Vault {
  /** Whether a presented key matches a stored one. Takes the same time when no key is stored. */
  verify(presented: string, stored: readonly KeySecret[]): boolean;
  /** Opens a sealed credential. Throws when it was not sealed for this organisation and credential. */
  open(orgId: Uuid, credential: CredentialPolicy): Opened;
  /** Ids of objects that providers store. */
  readonly ids: ResourceIds;
}

export interface Log {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export interface Settings {
  bodyBytesMax: number;
  /** Maximum memory of all request bodies together, in bytes. */
  bodiesBytesMax: number;
  /** Time in which a request body must arrive. */
  bodyTimeoutMs: number;
  /** Time from arrival to the last byte, of a model without its own; a caller may ask for less. */
  totalTimeoutMs: number;
  /** Time until a model says something in a stream. */
  firstTokenTimeoutMs: number;
  /** Time without data after which a comment is written to a stream. */
  keepaliveMs: number;
  /** How long a client may not read a stream before it is cut. */
  writeStallMs: number;
  /** Upper bound of the random pause before the first retry of a call. It doubles with each one. */
  retryPauseMs: number;
  /** Maximum `retry-after` of a provider that is waited for. */
  retryAfterMaxMs: number;
  /** How long a provider's answer is still read after its client has left, to learn its usage; 0: it is cancelled. */
  leftDrainMs: number;
  /**
   * Cost recorded for an answer that the provider broke off or that took too long: an estimate when nothing was
   * reported, only the reported usage, or zero. Limits count the estimate in every case.
   */
  brokenAnswers: "reported" | "estimate" | "zero";
  /** Whether calls under a blocking budget are refused or served while the spool disk is full. */
  spoolFull: "refuse" | "serve";
  /** Reverse proxies whose `X-Forwarded-For` is trusted. */
  trustedProxies: TrustedProxies;
  /** Base URL of the documentation of error codes. */
  docsUrl: string;
}

/** Everything that the data plane needs from outside. */
export interface Ports {
  directory: Directory;
  limits: LimitStore;
  limitGate: LimitGate;
  spool: Spool;
  vault: Vault;
  tokens: Tokens;
  cache: Cache;
  /** Responses of providers that store none; null: they are not kept. */
  kept: KeptResponses | null;
  upstreams: Upstreams;
  health: Health;
  pauses: Pauses;
  retryBudget: RetryBudget;
  lessons: Lessons;
  guardrails: GuardrailThreads;
  /** Turns of the event loop for large bodies, by organisation. */
  lanes: Lanes;
  metrics: Metrics;
  log: Log;
  /** Milliseconds since the epoch. */
  now: () => number;
  /** Resolves after `ms`, or at once when the signal aborts. */
  sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  /** `[0, 1)`. */
  random: () => number;
  settings: Settings;
  /** True while draining; readiness is 503 then. */
  draining: () => boolean;
  /** State of all processes on this port, from their parent; null when there is only one. */
  processes?: () => ProcessesState | null;
}
