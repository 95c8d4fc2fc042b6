import type { Tokens } from "@tollgate/contracts/usage-event";

/** Dollars per million; a step applies to the whole call once its input exceeds `above` tokens. */
export type Rate = number | { base: number; steps: readonly { above: number; price: number }[] };

/** A class without a price of its own costs what the class it is part of costs, which is filled in here already. */
export interface Rates {
  input: Rate;
  cacheRead: Rate;
  cacheWrite5m: Rate;
  cacheWrite1h: Rate;
  audioInput: Rate;
  imageInput: Rate;
  output: Rate;
  reasoning: Rate;
  audioOutput: Rate;
  imageOutput: Rate;
  /** Dollars per thousand. */
  searchesPerThousand: number;
  /** Dollars per thousand calls, whatever they use. */
  requestsPerThousand: number;
}

/** The most a call may use. `inputTokens` is an upper bound of the prompt, `outputTokens` is already times `n`. */
export interface UsageBound {
  inputTokens: number;
  outputTokens: number;
  /** Default 0. */
  searches?: number;
  /** Whether the call can write to a one-hour cache, have audio in or out, or images in: the bound is dearer then. Default false. */
  longCacheWrites?: boolean;
  audio?: boolean;
  images?: boolean;
}

const at = (rate: Rate, inputTokens: number): number => {
  if (typeof rate === "number") return rate;
  let price = rate.base;
  for (const step of rate.steps) if (inputTokens > step.above) price = step.price;
  return price;
};

const dearest = (rate: Rate, inputTokens: number): number => {
  if (typeof rate === "number") return rate;
  return rate.steps.reduce((max, step) => (inputTokens > step.above ? Math.max(max, step.price) : max), rate.base);
};

/** nano-USD as a float: one dollar per million tokens is a thousand nano a token. The caller rounds, once. */
export function costOf(rates: Rates, tokens: Tokens): number {
  const { input, output, cacheRead, cacheWrite5m, cacheWrite1h } = tokens;
  const cached = cacheRead + cacheWrite5m + cacheWrite1h;
  // Providers do not say how much of audio and images was cached; what cannot be apart from it is charged as cached.
  const uncached = Math.max(0, input - cached);
  const audioInput = Math.min(tokens.audioInput, uncached);
  const imageInput = Math.min(tokens.imageInput, uncached - audioInput);
  const audioOutput = Math.min(tokens.audioOutput, output);
  const imageOutput = Math.min(tokens.imageOutput, output - audioOutput);
  const reasoning = Math.min(tokens.reasoning, output - audioOutput - imageOutput);
  const perMillion =
    (uncached - audioInput - imageInput) * at(rates.input, input) +
    cacheRead * at(rates.cacheRead, input) +
    cacheWrite5m * at(rates.cacheWrite5m, input) +
    cacheWrite1h * at(rates.cacheWrite1h, input) +
    audioInput * at(rates.audioInput, input) +
    imageInput * at(rates.imageInput, input) +
    (output - audioOutput - imageOutput - reasoning) * at(rates.output, input) +
    reasoning * at(rates.reasoning, input) +
    audioOutput * at(rates.audioOutput, input) +
    imageOutput * at(rates.imageOutput, input);
  return perMillion * 1e3 + (tokens.searches * rates.searchesPerThousand + rates.requestsPerThousand) * 1e6;
}

/** Never below `costOf` of any use within the bound; nano-USD as a float. */
export function maxCostOf(rates: Rates, bound: UsageBound): number {
  const { inputTokens } = bound;
  const most = (...candidates: (Rate | false | undefined)[]): number =>
    candidates.reduce<number>((max, rate) => (rate ? Math.max(max, dearest(rate, inputTokens)) : max), 0);
  const input = most(
    rates.input,
    rates.cacheRead,
    rates.cacheWrite5m,
    bound.longCacheWrites && rates.cacheWrite1h,
    bound.audio && rates.audioInput,
    bound.images && rates.imageInput,
  );
  // A model with a price for images makes them unasked, so no request tells that none will come.
  const output = most(rates.output, rates.reasoning, rates.imageOutput, bound.audio && rates.audioOutput);
  const perCall = (bound.searches ?? 0) * rates.searchesPerThousand + rates.requestsPerThousand;
  return (inputTokens * input + bound.outputTokens * output) * 1e3 + perCall * 1e6;
}
