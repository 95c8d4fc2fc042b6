import {
  calcPrice,
  findProvider,
  type ModelInfo as LibraryModel,
  type MatchLogic,
  type ModelPrice,
} from "@pydantic/genai-prices";
import type { Rate, Rates } from "./rates.ts";

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

function ratesOf(prices: ModelPrice, isFree: boolean): Rates | null {
  const input = rateOf(prices.input_mtok) ?? (isFree ? 0 : undefined);
  if (input === undefined) return null;
  // A model that answers in no tokens of its own (embeddings) has no output price, and then no output to charge.
  const output = rateOf(prices.output_mtok) ?? 0;
  const cacheWrite5m = rateOf(prices.cache_write_mtok) ?? input;
  return {
    input,
    cacheRead: rateOf(prices.cache_read_mtok) ?? input,
    cacheWrite5m,
    cacheWrite1h: rateOf(prices.cache_write_1h_mtok) ?? cacheWrite5m,
    audioInput: rateOf(prices.input_audio_mtok) ?? input,
    imageInput: rateOf(prices.input_image_mtok) ?? input,
    output,
    reasoning: rateOf(prices.output_reasoning_mtok) ?? output,
    audioOutput: rateOf(prices.output_audio_mtok) ?? output,
    imageOutput: rateOf(prices.output_image_mtok) ?? output,
    searchesPerThousand: flatOf(prices.web_searches_kcount),
    requestsPerThousand: flatOf(prices.requests_kcount),
  };
}

/** Null: the library does not know the model, or knows no price for it (an empty price is not a free one). About 50 µs. */
export function libraryPrice(providerId: string, model: string, atMs: number): LibraryPrice | null {
  const found = calcPrice({}, model, { providerId, timestamp: new Date(atMs) });
  const rates = found && ratesOf(found.model_price, model.endsWith(":free"));
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
