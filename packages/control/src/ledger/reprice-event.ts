import { priceAnswered } from "@tollgate/catalog/own-price";
import { priceServed } from "@tollgate/catalog/price";
import { UNITS, type Units } from "@tollgate/catalog/units";
import { isBatchSurface } from "@tollgate/contracts/batch";
import type { DatedPrice } from "@tollgate/contracts/grant";
import type { Attempt, Use } from "@tollgate/contracts/usage-event";

/** The fields of an event that pricing needs, with its current cost. */
export interface Rated {
  atMs: number;
  surface: string;
  outcome: string;
  provider: string | null;
  upstreamModel: string | null;
  use: Use;
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

type Part = Pick<Attempt, "provider" | "upstreamModel" | "use" | "costNano" | "error"> &
  Partial<Pick<Attempt, "served" | "answeredModel" | "computedNano">>;

const isOwn = (version: string | null | undefined): boolean => version?.startsWith("own:") ?? false;

/** The call's attempts, or the call itself where none was recorded. */
function partsOf({ attempts, provider, upstreamModel, use, costNano, outcome }: Rated): readonly Part[] {
  if (attempts.length > 0) return attempts;
  const cost = costNano?.toString() ?? null;
  const error = outcome === "failed" ? outcome : null;
  return [{ provider: provider ?? "", upstreamModel: upstreamModel ?? "", use, costNano: cost, error }];
}

/** A failed attempt that cost nothing still costs nothing at another price. */
const isUnpaid = ({ outcome }: Rated, { costNano, error }: Part): boolean =>
  costNano === "0" && (error !== null || outcome === "failed");

function costOf(part: Part, event: Rated, prices: readonly DatedPrice[], units: Units): bigint | null {
  const kept = part.costNano === null ? null : BigInt(part.costNano);
  if (part.use === null) return kept ?? 0n;
  // The provider's own figure is the cost, whatever our price is.
  if (isUnpaid(event, part) || part.computedNano !== undefined) return kept;
  const list = priceAnswered(prices, { ...part, atMs: event.atMs }, part.answeredModel, units);
  const price = list && priceServed(list, part.served ?? []);
  const wasOwn =
    isOwn(event.priceVersion) && part.provider === event.provider && part.upstreamModel === event.upstreamModel;
  return price && (kept === null || isOwn(price.version) || wasOwn) ? price.cost(part.use) : kept;
}

/**
 * The cost of a call at the prices of its time, as they are known now. It sets a price where there was none, and changes a
 * price only if an organisation's own price applies or applied. Null: the cost does not change, or is still unknown.
 */
export function repriceEvent(event: Rated, prices: readonly DatedPrice[], units = UNITS): NewPrice | null {
  const { provider, upstreamModel, atMs, outcome, costNano } = event;
  if (provider === null || upstreamModel === null) return null;
  // An open batch costs its hold until its result settles it.
  if (isBatchSurface(event.surface) && costNano === null && event.use.input === 0) return null;
  // Its real use is unknown: the held amount was charged.
  if (outcome === "interrupted" && costNano !== null) return null;
  const answered = event.attempts.at(-1)?.answeredModel;
  const version = priceAnswered(prices, { provider, upstreamModel, atMs }, answered, units)?.version;
  if (version === undefined) return null;
  let total = 0n;
  for (const part of partsOf(event)) {
    const cost = costOf(part, event, prices, units);
    if (cost === null) return null;
    total += cost;
  }
  return total === costNano ? null : { costNano: total, version };
}
