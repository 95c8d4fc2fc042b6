import type { PriceOverride } from "@tollgate/contracts/grant";
import type { Nano } from "@tollgate/contracts/money";
import type { Use } from "@tollgate/contracts/usage-event";
import { libraryPrice, PRICE_VERSION } from "./price-library.ts";
import { providerById } from "./providers.ts";
import { costOf, maxCostOf, type Rate, type Rates, ratesOf, type UsageBound, unknownUnit } from "./rates.ts";
import { UNITS } from "./units.ts";

export interface Price {
  /** Stored on each event, so a re-rating knows what it replaces. */
  version: string;
  /** Of a short call, for pages; long ones may cost more a token. */
  inputPerMillionUsd: number;
  outputPerMillionUsd: number;
  /** nano-USD, rounded once. Null: it used a unit whose price is unknown. */
  cost(use: Use): Nano | null;
  /** nano-USD; never below what `cost` gives for any use within the bound. Null: it has a unit whose price is unknown. */
  maxCost(bound: UsageBound): Nano | null;
  /** A unit of the bound whose price is unknown; null: there is none. */
  unknownUnit(bound: UsageBound): string | null;
}

export interface PriceQuery {
  /** A row of the provider table. */
  provider: string;
  upstreamModel: string;
  atMs: number;
}

function base({ perMillion }: Rates, id: string): number {
  const rate: Rate = perMillion.find((whole) => whole.id === id)?.rate ?? 0;
  return typeof rate === "number" ? rate : rate.base;
}

const priceOf = (rates: Rates, version: string): Price => ({
  version,
  inputPerMillionUsd: base(rates, "input"),
  outputPerMillionUsd: base(rates, "output"),
  cost(use) {
    const cost = costOf(rates, use);
    return cost === null ? null : BigInt(Math.round(cost));
  },
  maxCost(bound) {
    const cost = maxCostOf(rates, bound);
    return cost === null ? null : BigInt(Math.ceil(cost));
  },
  unknownUnit: (bound) => unknownUnit(rates, bound),
});

interface Known {
  price: Price | null;
  /** The minute it holds for; null is any. */
  minute: number | null;
}

const KNOWN_MAX = 10_000;
const known = new Map<string, Known>();

/**
 * Null: the price is unknown, which is never zero. A look-up seen before costs well under a microsecond; prices that
 * change by date or hour are looked up again every minute.
 */
export function priceFor({ provider, upstreamModel, atMs }: PriceQuery): Price | null {
  const minute = Math.floor(atMs / 60_000);
  const key = `${provider}\0${upstreamModel}`;
  const seen = known.get(key);
  if (seen && (seen.minute === null || seen.minute === minute)) return seen.price;
  const libraryId = providerById(provider)?.priceProviderId;
  const found = libraryId ? libraryPrice(libraryId, upstreamModel, atMs) : null;
  const price = found && priceOf(found.rates, PRICE_VERSION);
  if (known.size >= KNOWN_MAX) known.clear();
  known.set(key, { price, minute: found?.timeless === false ? minute : null });
  return price;
}

/**
 * An organisation's own price instead of the library's. A part without one costs what its whole costs, and a unit that may
 * be free is free without one: whoever sets a price can name it.
 */
export function priceFromOverride(override: PriceOverride, units = UNITS): Price {
  const rates = ratesOf(
    units,
    (unit) => {
      const price = unit.own ? override[`${unit.own}PerMillion`] : override.units?.[unit.id];
      if (price !== undefined) return Number(price);
      return unit.partOf === undefined && unit.freeWithoutPrice ? 0 : undefined;
    },
    0,
  );
  return priceOf(rates, override.version);
}
