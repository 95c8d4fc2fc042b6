import type { CredentialPolicy, Grant, KeyPolicy, OrgPolicy } from "@tollgate/contracts/grant";
import type { Uuid } from "@tollgate/contracts/ids";
import type { UsageEvent } from "@tollgate/contracts/usage-event";
import type { LimitStore } from "@tollgate/limits/store";
import type { Cache } from "./cache/cache.ts";
import type { Upstream } from "./upstream.ts";

/** Policy in memory. Look-ups are synchronous: the hot path never waits for Postgres. */
export interface Directory {
  /** Undefined: no such key as far as the snapshot knows. */
  key(publicId: string): KeyPolicy | undefined;
  org(orgId: Uuid): OrgPolicy | undefined;
  grant(key: KeyPolicy): Grant | undefined;
  /** False while loading or cut off from Postgres: then an unknown key may exist, so it gets 503 and not 401. */
  fresh(): boolean;
  /** False until a first snapshot is there. */
  ready(): boolean;
  /** Milliseconds since the snapshot was last known to be current. */
  ageMs(): number;
}

/** What is known when a call leaves for a provider: enough to account for it if this process dies. */
export interface Dispatch {
  id: Uuid;
  /** The event as it would be written were nothing more ever heard. */
  event: UsageEvent;
}

export interface Spool {
  /** Written (not awaited by the hot path) before the first byte goes upstream. */
  dispatched(record: Dispatch): void;
  /** Resolves once the record is in the file: it then survives a kill of this process. Rejects when it cannot be. */
  settled(event: UsageEvent): Promise<void>;
  /** False when the disk refuses: hard-limited work is then refused. */
  healthy(): boolean;
}

export interface Vault {
  /** Opens a sealed credential; throws when it was not sealed for this organisation and credential. */
  open(orgId: Uuid, credential: CredentialPolicy): string;
  /** HMAC of a presented key's secret, hex. */
  hash(secret: string): string;
}

export interface Log {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export interface Settings {
  bodyBytesMax: number;
  connectTimeoutMs: number;
  headerTimeoutMs: number;
  idleTimeoutMs: number;
  totalTimeoutMs: number;
  /** Base URL of the documentation of error codes. */
  docsUrl: string;
}

/** Everything the data plane needs from outside; `createProxy(ports)` takes nothing else. */
export interface Ports {
  directory: Directory;
  limits: LimitStore;
  spool: Spool;
  vault: Vault;
  cache: Cache;
  upstream: Upstream;
  log: Log;
  /** Milliseconds since the epoch. */
  now: () => number;
  settings: Settings;
  /** True once draining: readiness turns 503. */
  draining: () => boolean;
}
