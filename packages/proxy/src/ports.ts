import type { CredentialPolicy, Grant, KeyPolicy, KeySecret, OrgPolicy } from "@tollgate/contracts/grant";
import type { Uuid } from "@tollgate/contracts/ids";
import type { UsageEvent } from "@tollgate/contracts/usage-event";
import type { TrustedProxies } from "@tollgate/dial/client-address";
import type { BearingEntry } from "@tollgate/limits/decide";
import type { LimitStore, Soon } from "@tollgate/limits/store";
import type { Secret } from "@tollgate/vault/secret";
import type { Lanes } from "./body/steps.ts";
import type { Cache } from "./cache/cache.ts";
import type { Cut } from "./cut.ts";
import type { PolicyAge } from "./directory/freshness.ts";
import type { GuardrailThreads } from "./guardrails/threads.ts";
import type { Metrics } from "./metrics.ts";
import type { ProcessesState } from "./processes/messages.ts";
import type { Health } from "./routing/breaker.ts";
import type { Upstreams } from "./upstreams.ts";

/** Policy in memory. Look-ups are synchronous: the hot path never waits for Postgres. */
export interface Directory {
  /** Undefined: no such key as far as the snapshot knows. */
  key(publicId: string): KeyPolicy | undefined;
  org(orgId: Uuid): OrgPolicy | undefined;
  grant(key: KeyPolicy): Grant | undefined;
  /** False while loading, or while a change may be there that is not read: an unknown key then gets 503 and not 401. */
  fresh(): boolean;
  /** False until a first policy is in memory, from Postgres or from the copy on disk. Old policy is ready. */
  ready(): boolean;
  /** False: this organisation's policy is older than the operator lets it serve. */
  serves(orgId: Uuid): boolean;
  /** How old policy is, and which organisations' is stale, at most `most` of them named. */
  age(most: number): PolicyAge;
  /** Whether any organisation has a limit that blocks. */
  blocks(): boolean;
}

/** What is known when a call leaves for a provider: enough to account for it if this process dies. */
export interface Dispatch {
  id: Uuid;
  /** The event as it would be written were nothing more ever heard. */
  event: UsageEvent;
}

export interface Spool {
  /** Written (not awaited by the hot path) before an attempt; a later record of the same id replaces the earlier. */
  dispatched(record: Dispatch): void;
  /** Resolves once the record is in the file: it then survives a kill of this process. Rejects when it cannot be. */
  settled(event: UsageEvent): Promise<void>;
  /** False when the disk refuses: hard-limited work is then refused. */
  healthy(): boolean;
}

export interface LimitGate {
  /**
   * Lets a call on at once when its limits can be decided, else when they can be, at most two seconds later. Throws 503
   * `limit_store_unavailable`, and 499 when the client leaves meanwhile.
   */
  pass(entries: readonly BearingEntry[], cut: Cut): Soon<void>;
  /** True from the start until blocking limits can be decided, or it is known that they cannot. */
  isStarting(): boolean;
  /** Why this process may not admit calls under blocking limits; null: it may, or that is not known. */
  refusal(): string | null;
}

export interface Vault {
  /** Whether a presented key is one of those stored; a wrong one costs the same work when there are none. */
  verify(presented: string, stored: readonly KeySecret[]): boolean;
  /** Opens a sealed credential; throws when it was not sealed for this organisation and credential. */
  open(orgId: Uuid, credential: CredentialPolicy): Secret;
}

export interface Log {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export interface Settings {
  bodyBytesMax: number;
  /** All request bodies held at once, together. */
  bodiesBytesMax: number;
  /** How long a request body may take to arrive. */
  bodyTimeoutMs: number;
  /** From arrival to the last byte; a caller may ask for less. */
  totalTimeoutMs: number;
  /** Silence after which a stream gets a comment line. */
  keepaliveMs: number;
  /** How long a client may leave a stream unread before it is cut. */
  writeStallMs: number;
  /** The least wait before a retry; up to half as much again is added at random. */
  retryFloorMs: number;
  /** A provider's `retry-after` beyond this is not waited for. */
  retryAfterMaxMs: number;
  /** How long a provider's answer is read on once its client has left, so that what it used is known; 0: it is stopped. */
  leftDrainMs: number;
  /**
   * What the ledger records for an answer that its provider broke off, or that took too long: an estimate where the provider
   * reported nothing, only what it reported, or nothing. Limits count the estimate in any case.
   */
  brokenAnswers: "reported" | "estimate" | "zero";
  /** Whether calls under a hard budget are refused or served while the spool disk cannot take their usage. */
  spoolFull: "refuse" | "serve";
  /** Reverse proxies whose `X-Forwarded-For` is believed. */
  trustedProxies: TrustedProxies;
  /** Base URL of the documentation of error codes. */
  docsUrl: string;
}

/** Everything the data plane needs from outside; `createProxy(ports)` takes nothing else. */
export interface Ports {
  directory: Directory;
  limits: LimitStore;
  limitGate: LimitGate;
  spool: Spool;
  vault: Vault;
  cache: Cache;
  upstreams: Upstreams;
  health: Health;
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
  /** True once draining: readiness turns 503. */
  draining: () => boolean;
  /** Of all processes on this port, as their parent sees them; null: there is only this one. */
  processes?: () => ProcessesState | null;
}
