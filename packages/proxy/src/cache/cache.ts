import type { Use } from "@tollgate/contracts/usage-event";
import type { Soon } from "@tollgate/limits/store";

/** A complete answer as its first caller got it: the client's wire, JSON or a whole event stream. */
export interface CachedAnswer {
  contentType: string;
  body: Buffer;
  provider: string;
  upstreamModel: string;
  /** What the original call used; a hit itself uses nothing. */
  use: Use;
}

/** Exact-repeat cache. Keys come from `cacheKey` alone, which puts the tenant first: no answer crosses tenants. */
export interface Cache {
  get(key: string): Soon<CachedAnswer | undefined>;
  /** Best effort: an answer too large is not kept. */
  set(key: string, answer: CachedAnswer, ttlSeconds: number): Soon<void>;
  close(): Promise<void>;
}
