import type { PriceOverride } from "@tollgate/contracts/grant";
import type { Nano } from "@tollgate/contracts/money";
import type { Tokens } from "@tollgate/contracts/usage-event";

/** The most a call may use, for a hold. `inputTokens` is an upper bound, `outputTokens` already times `n`. */
export interface UsageBound {
  inputTokens: number;
  outputTokens: number;
}

export interface Price {
  /** Stored on each event, so a re-rating knows what it replaces. */
  version: string;
  inputPerMillionUsd: number;
  outputPerMillionUsd: number;
  /** nano-USD, rounded once. */
  cost(tokens: Tokens): Nano;
  /** Never below what `cost` gives for any use within the bound. */
  maxCost(bound: UsageBound): Nano;
}

export interface PriceQuery {
  provider: string;
  upstreamModel: string;
  atMs: number;
}

/** Null: the price is unknown, which is never zero. Cached: microseconds on the hot path. */
export declare function priceFor(query: PriceQuery): Price | null;

/** An organisation's own price instead of the library's. */
export declare function priceFromOverride(override: PriceOverride): Price;
