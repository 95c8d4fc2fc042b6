import type { PriceOverride } from "@tollgate/contracts/grant";
import type { Nano } from "@tollgate/contracts/money";
import type { Use } from "@tollgate/contracts/usage-event";
import { dearestPrice, type LibraryPrice, libraryPrice, PRICE_VERSION } from "./price-library.ts";
import { bareName, isFreeName, lineOf, priceNames } from "./price-names.ts";
import { providerById } from "./providers.ts";
import { costOf, maxCostOf, type Rate, type Rates, ratesOf, type UsageBound, unknownUnit } from "./rates.ts";
import { type ServiceFactors, servedFactor, serviceFactors } from "./services.ts";
import { UNITS } from "./units.ts";

export interface Price {
  /** Stored with each event, so that a re-rating knows which price it replaces. */
  version: string;
  /** For short calls, for pages. A long call may cost more per token. */
  inputPerMillionUsd: number;
  outputPerMillionUsd: number;
  /** nano-USD, rounded once. Null: a unit without a known price was used. */
  cost(use: Use): Nano | null;
  /** nano-USD. Never less than `cost` for any use within the bound. Null: the bound has a unit whose price is unknown. */
  maxCost(bound: UsageBound): Nano | null;
  /** A unit of the bound whose price is unknown; null if there is none. */
  unknownUnit(bound: UsageBound): string | null;
  /** What it costs in other tiers, speeds and regions. */
  services: ServiceFactors;
  /** The same price times a factor of `services`. */
  times(factor: number): Price;
}

/** The price of a call that was served in all these ways (`SERVICES`). Null: unknown. */
export function priceServed(price: Price, services: readonly string[]): Price | null {
  if (services.length === 0) return price;
  const factor = servedFactor(price.services, services);
  return factor === null ? null : price.times(factor);
}

export interface PriceQuery {
  /** A row of the provider table. */
  provider: string;
  upstreamModel: string;
  /** The model behind that name, if the name is not a model's. */
  baseModel?: string | null | undefined;
  atMs: number;
}

function base({ perMillion }: Rates, id: string): number {
  const rate: Rate = perMillion.find((whole) => whole.id === id)?.rate ?? 0;
  return typeof rate === "number" ? rate : rate.base;
}

function priceOf(rates: Rates, version: string, services: ServiceFactors): Price {
  const known = new Map<number, Price>();
  const list = priceTimes(rates, version, services, 1, (factor) => {
    const price = known.get(factor) ?? priceTimes(rates, version, services, factor, list.times);
    known.set(factor, price);
    return price;
  });
  known.set(1, list);
  return list;
}

function priceTimes(
  rates: Rates,
  version: string,
  services: ServiceFactors,
  factor: number,
  times: Price["times"],
): Price {
  // A call computes its maximum cost several times, so the last result is cached. Bounds are never changed.
  let lastBound: UsageBound | null = null;
  let lastMax: Nano | null = null;
  return {
    version,
    inputPerMillionUsd: factor * base(rates, "input"),
    outputPerMillionUsd: factor * base(rates, "output"),
    services,
    times,
    cost(use) {
      const cost = costOf(rates, use, factor);
      return cost === null ? null : BigInt(Math.round(cost));
    },
    maxCost(bound) {
      if (bound === lastBound) return lastMax;
      const cost = maxCostOf(rates, bound, factor);
      lastBound = bound;
      lastMax = cost === null ? null : BigInt(Math.ceil(cost));
      return lastMax;
    },
    unknownUnit: (bound) => unknownUnit(rates, bound),
  };
}

interface Known {
  price: Price | null;
  /** The minute for which it is valid; null: always. */
  minute: number | null;
}

/**
 * The library's price under the model's own name, or else that of its line, or else under the first of its other names that
 * the library knows. A line comes before them: `gemini-pro` is an old and cheap model, and not `gemini-pro-latest`.
 */
function pricedAs(libraryId: string, model: string, atMs: number): LibraryPrice | null {
  const [own, ...others] = priceNames(model);
  if (own === undefined) return null;
  const isFree = isFreeName(model);
  const priceOf = (name: string) => libraryPrice(libraryId, name, atMs, isFree);
  const line = isFree ? null : lineOf(model);
  let found = priceOf(own) ?? (line && dearestPrice(libraryId, line, atMs));
  for (const name of others) found ??= priceOf(name);
  return found;
}

const KNOWN_MAX = 10_000;
const known = new Map<string, Known>();

/**
 * Null: the price is unknown, which is never zero. A repeated look-up takes far less than a microsecond. Prices that depend
 * on the date or the hour are looked up again every minute.
 */
export function priceFor({ provider, upstreamModel, atMs }: PriceQuery): Price | null {
  const minute = Math.floor(atMs / 60_000);
  const key = `${provider}\0${upstreamModel}`;
  const seen = known.get(key);
  if (seen && (seen.minute === null || seen.minute === minute)) return seen.price;
  const libraryId = providerById(provider)?.priceProviderId;
  const found = libraryId ? pricedAs(libraryId, upstreamModel, atMs) : null;
  const price =
    found && priceOf(found.rates, PRICE_VERSION, serviceFactors(libraryId ?? null, bareName(upstreamModel)));
  if (known.size >= KNOWN_MAX) known.clear();
  known.set(key, { price, minute: found?.timeless === false ? minute : null });
  return price;
}

/**
 * An organisation's own price instead of the library's. A part without a price costs as much as its whole. A unit that may
 * be free is free without a price, because an organisation that sets prices can set that one too. A service without its own
 * factor has the catalogue's.
 */
export function priceFromOverride(
  override: PriceOverride & Partial<Pick<PriceQuery, "provider" | "upstreamModel">>,
  units = UNITS,
): Price {
  const rates = ratesOf(
    units,
    (unit) => {
      const price = unit.own ? override[`${unit.own}PerMillion`] : override.units?.[unit.id];
      if (price !== undefined) return Number(price);
      return unit.partOf === undefined && unit.freeWithoutPrice ? 0 : undefined;
    },
    0,
  );
  const libraryId = providerById(override.provider ?? "")?.priceProviderId ?? null;
  const services = serviceFactors(libraryId, bareName(override.upstreamModel ?? ""), override.services);
  return priceOf(rates, override.version, services);
}

/** The price of an operation that providers do not charge. */
export const FREE: Price = {
  version: "free",
  inputPerMillionUsd: 0,
  outputPerMillionUsd: 0,
  cost: () => 0n,
  maxCost: () => 0n,
  unknownUnit: () => null,
  services: { of: () => 1, openTier: 1, openRegion: 1 },
  times: () => FREE,
};
