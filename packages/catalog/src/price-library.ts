import {
  calcPrice,
  findProvider,
  type ModelInfo as LibraryModel,
  type MatchLogic,
  type ModelPrice,
} from "@pydantic/genai-prices";
import { type Rate, type Rates, ratesOf } from "./rates.ts";
import { UNITS, type Units } from "./units.ts";

export type { LibraryModel };

/** Which data the prices come from; a test keeps it equal to the installed version. */
export const PRICE_VERSION = "genai-prices@0.1.8";

export interface LibraryPrice {
  rates: Rates;
  /** The same at any time: no start dates, no hours of the day. */
  timeless: boolean;
}

const rateOf = (price: ModelPrice[string]): Rate | undefined => {
  if (price === undefined || typeof price === "number") return price;
  const steps = price.tiers.map((tier) => ({ above: tier.start, price: tier.price }));
  return { base: price.base, steps: steps.sort((a, b) => a.above - b.above) };
};

const flatOf = (price: ModelPrice[string]): number => (typeof price === "number" ? price : (price?.base ?? 0));

function libraryRates(prices: ModelPrice, isFree: boolean, units: Units): Rates | null {
  const input = rateOf(prices.input_mtok) ?? (isFree ? 0 : undefined);
  if (input === undefined) return null;
  return ratesOf(
    units,
    ({ id, library, per, partOf }) => {
      if (id === "input") return input;
      if (isFree && partOf === undefined) return 0;
      // A model with a price for each call searches with each call: that is what it is for.
      if (id === "searches" && prices.requests_kcount !== undefined && prices.web_searches_kcount === undefined)
        return 0;
      const price = library === null ? undefined : prices[library];
      return per === 1_000 && price !== undefined ? flatOf(price) : rateOf(price);
    },
    flatOf(prices.requests_kcount),
  );
}

/** Null: the library does not know the model, or knows no price for it (an empty price is not a free one). About 50 µs. */
export function libraryPrice(providerId: string, model: string, atMs: number, units = UNITS): LibraryPrice | null {
  const found = calcPrice({}, model, { providerId, timestamp: new Date(atMs) });
  const rates = found && libraryRates(found.model_price, model.endsWith(":free"), units);
  return rates && { rates, timeless: !Array.isArray(found.model.prices) };
}

const namesIn = (match: MatchLogic): string[] => {
  if ("equals" in match) return [match.equals];
  if ("or" in match) return match.or.flatMap(namesIn);
  return "starts_with" in match ? [match.starts_with] : [];
};

/** The library's models by a name the provider answers to, which is not always the library's own id. */
export function libraryModels(providerId: string): ReadonlyMap<string, LibraryModel> {
  const models = new Map<string, LibraryModel>();
  for (const model of findProvider({ providerId })?.models ?? []) {
    const callable = [model.id, ...namesIn(model.match)].find((name) => libraryModel(providerId, name) === model);
    if (callable) models.set(callable, model);
  }
  return models;
}

export const libraryModel = (providerId: string, model: string): LibraryModel | null =>
  calcPrice({}, model, { providerId })?.model ?? null;
