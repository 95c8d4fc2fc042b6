import { priceWithin } from "@tollgate/catalog/own-price";
import type { DatedPrice } from "@tollgate/contracts/grant";
import type { Attempt, Tokens } from "@tollgate/contracts/usage-event";

/** An event at what it costs by now, as far as pricing goes. */
export interface Rated {
  atMs: number;
  outcome: string;
  provider: string | null;
  upstreamModel: string | null;
  tokens: Tokens;
  attempts: readonly Attempt[];
  /** nano-USD; null is unknown. */
  costNano: bigint | null;
  priceVersion: string | null;
}

export interface NewPrice {
  /** nano-USD. */
  costNano: bigint;
  version: string;
}

type Part = Pick<Attempt, "provider" | "upstreamModel" | "tokens" | "costNano" | "error">;

const isOwn = (version: string | null | undefined): boolean => version?.startsWith("own:") ?? false;

/** The call's attempts, or the call itself where none was recorded. */
function partsOf({ attempts, provider, upstreamModel, tokens, costNano, outcome }: Rated): readonly Part[] {
  if (attempts.length > 0) return attempts;
  const cost = costNano?.toString() ?? null;
  const error = outcome === "failed" ? outcome : null;
  return [{ provider: provider ?? "", upstreamModel: upstreamModel ?? "", tokens, costNano: cost, error }];
}

/** An attempt that failed and was not paid stays unpaid, whatever its price. */
const isUnpaid = ({ outcome }: Rated, { costNano, error }: Part): boolean =>
  costNano === "0" && (error !== null || outcome === "failed");

function costOf(part: Part, event: Rated, prices: readonly DatedPrice[]): bigint | null {
  const kept = part.costNano === null ? null : BigInt(part.costNano);
  if (part.tokens === null) return kept ?? 0n;
  if (isUnpaid(event, part)) return kept;
  const price = priceWithin(prices, { ...part, atMs: event.atMs });
  const wasOwn =
    isOwn(event.priceVersion) && part.provider === event.provider && part.upstreamModel === event.upstreamModel;
  return price && (kept === null || isOwn(price.version) || wasOwn) ? price.cost(part.tokens) : kept;
}

/**
 * What a call costs by the prices of its time as they are known now. Only what had no price is given one, and what an
 * organisation's own price bears on is changed. Null: nothing is to change, or its price is unknown still.
 */
export function priceAnew(event: Rated, prices: readonly DatedPrice[]): NewPrice | null {
  const { provider, upstreamModel, atMs, outcome, costNano } = event;
  if (provider === null || upstreamModel === null) return null;
  // It was charged at what was held for it: nobody knows what it used.
  if (outcome === "interrupted" && costNano !== null) return null;
  const version = priceWithin(prices, { provider, upstreamModel, atMs })?.version;
  if (version === undefined) return null;
  let total = 0n;
  for (const part of partsOf(event)) {
    const cost = costOf(part, event, prices);
    if (cost === null) return null;
    total += cost;
  }
  return total === costNano ? null : { costNano: total, version };
}
