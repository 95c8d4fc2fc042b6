import type { Use } from "@tollgate/contracts/usage-event";
import type { Soon } from "@tollgate/limits/store";

/** A complete answer as its first caller got it: JSON or a whole event stream in the client's wire format. */
export interface CachedAnswer {
  contentType: string;
  body: Buffer;
  provider: string;
  upstreamModel: string;
  /** Usage of the original call; a cache hit uses nothing. */
  use: Use;
}

/** Cache of exact repeats. All keys come from `cacheKey`, which includes the tenant, so no answer crosses tenants. */
export interface Cache {
  get(key: string): Soon<CachedAnswer | undefined>;
  /** Best effort: an answer that is too large is not stored. */
  set(key: string, answer: CachedAnswer, ttlSeconds: number): Soon<void>;
  close(): Promise<void>;
}
