import {
  calcPrice,
  findProvider,
  type ModelInfo as LibraryModel,
  type MatchLogic,
  type ModelPrice,
} from "@pydantic/genai-prices";
import { bareName, priceNames } from "./price-names.ts";
import { costOf, type Rate, type Rates, ratesOf } from "./rates.ts";
import { UNITS, type Units } from "./units.ts";

export type { LibraryModel };

/** Version of the price data. A test compares it with the installed package. */
export const PRICE_VERSION = "genai-prices@0.1.8";

export interface LibraryPrice {
  rates: Rates;
  /** The price does not depend on the date or the time of day. */
  timeless: boolean;
}

const rateOf = (price: ModelPrice[string]): Rate | undefined => {
  if (price === undefined || typeof price === "number") return price;
  const steps = price.tiers.map((tier) => ({ above: tier.start, price: tier.price }));
  return { base: price.base, steps: steps.sort((a, b) => a.above - b.above) };
};

const flatOf = (price: ModelPrice[string]): number => (typeof price === "number" ? price : (price?.base ?? 0));

function libraryRates(prices: ModelPrice, isFree: boolean, units: Units): Rates | null {
  const rates = ratesOf(
    units,
    ({ id, library, libraryPer, per, partOf }) => {
      if (id === "input") return rateOf(prices.input_mtok) ?? (isFree ? 0 : undefined);
      if (isFree && partOf === undefined) return 0;
      // A model with a price per call searches with each call: it is a search model.
      if (id === "searches" && prices.requests_kcount !== undefined && prices.web_searches_kcount === undefined)
        return 0;
      const price = library === null ? undefined : prices[library];
      if (libraryPer !== undefined && price !== undefined) return (flatOf(price) * per) / libraryPer;
      return per === 1_000 && price !== undefined ? flatOf(price) : rateOf(price);
    },
    flatOf(prices.requests_kcount),
  );
  // Without a price of input or of a unit that is charged instead, the price of a call is not known.
  return rates.unknown.includes("input") ? null : rates;
}

/** All variants of OpenRouter with such a name are free, whatever price the library lists; at other providers a listed price counts. */
const isReallyFree = (providerId: string, price: ModelPrice): boolean =>
  providerId === "openrouter" || Object.keys(price).length === 0;

/**
 * Null: the library does not know the model or its price (an empty price does not mean free). `hasFreeName`: the name says
 * that it is free. Takes about 50 µs.
 */
export function libraryPrice(
  providerId: string,
  model: string,
  atMs: number,
  hasFreeName: boolean,
  units = UNITS,
): LibraryPrice | null {
  const found = calcPrice({}, model, { providerId, timestamp: new Date(atMs) });
  const isFree = hasFreeName && found !== null && isReallyFree(providerId, found.model_price);
  const rates = found && libraryRates(isFree ? {} : found.model_price, isFree, units);
  return rates && { rates, timeless: !Array.isArray(found.model.prices) };
}

/** The price of the most expensive model whose name matches. Null: there is none with a price. */
export function dearestPrice(providerId: string, names: RegExp, atMs: number): LibraryPrice | null {
  let dearest: LibraryPrice | null = null;
  let most = -1;
  for (const { id, deprecated } of findProvider({ providerId })?.models ?? []) {
    const found = !deprecated && names.test(bareName(id)) ? libraryPrice(providerId, id, atMs, false) : null;
    const cost = found ? costOf(found.rates, { input: 1_000, output: 1_000 }, 1) : null;
    if (cost === null || cost <= most) continue;
    most = cost;
    dearest = found;
  }
  return dearest;
}

const namesIn = (match: MatchLogic): string[] => {
  if ("equals" in match) return [match.equals];
  if ("or" in match) return match.or.flatMap(namesIn);
  return "starts_with" in match ? [match.starts_with] : [];
};

/** The library's models by a name that the provider accepts, which is not always the library's own id. */
export function libraryModels(providerId: string): ReadonlyMap<string, LibraryModel> {
  const models = new Map<string, LibraryModel>();
  for (const model of findProvider({ providerId })?.models ?? []) {
    // The library's own prefix of models that AWS serves in a region.
    const callable = [model.id.replace(/^regional\./, ""), ...namesIn(model.match)].find(
      (name) => libraryModel(providerId, name) === model,
    );
    if (callable) models.set(callable, model);
  }
  return models;
}

export const libraryModel = (providerId: string, model: string): LibraryModel | null =>
  calcPrice({}, model, { providerId })?.model ?? null;

/** Also finds a model under another of its names, see `priceNames`. */
export function namedModel(providerId: string, model: string): LibraryModel | null {
  for (const name of priceNames(model)) {
    const found = libraryModel(providerId, name);
    if (found) return found;
  }
  return null;
}
