/** Sums as Postgres computes them; the cost is in nano-USD. Counts are exact up to 2^53. */
export interface RawSums {
  costNano: bigint;
  requests: number;
  errors: number;
  unpriced: number;
  cacheHits: number;
  inputTokens: number;
  outputTokens: number;
  /** Sums of the units that have no column in the ledger, such as images; what was not used is absent. */
  use: Readonly<Record<string, number>>;
}

export interface SlotSums extends RawSums {
  /** Index of the slot in the requested bounds. */
  slot: number;
  groupId: string;
}

export const NO_USE: RawSums["use"] = Object.freeze({});

export const NOTHING: RawSums = {
  costNano: 0n,
  requests: 0,
  errors: 0,
  unpriced: 0,
  cacheHits: 0,
  inputTokens: 0,
  outputTokens: 0,
  use: NO_USE,
};

export const addUse = (a: RawSums["use"], b: RawSums["use"]): RawSums["use"] => {
  if (b === NO_USE) return a;
  const sum: Record<string, number> = { ...a };
  for (const [unit, amount] of Object.entries(b)) {
    sum[unit] = (sum[unit] ?? 0) + amount;
    if (sum[unit] === 0) delete sum[unit];
  }
  return sum;
};

export const add = (a: RawSums, b: RawSums): RawSums => ({
  costNano: a.costNano + b.costNano,
  requests: a.requests + b.requests,
  errors: a.errors + b.errors,
  unpriced: a.unpriced + b.unpriced,
  cacheHits: a.cacheHits + b.cacheHits,
  inputTokens: a.inputTokens + b.inputTokens,
  outputTokens: a.outputTokens + b.outputTokens,
  use: addUse(a.use, b.use),
});

export const addUp = (rows: readonly RawSums[]): RawSums => rows.reduce(add, NOTHING);
