import { OPERATIONS } from "@tollgate/catalog/operations";
import type { UsageBound } from "@tollgate/catalog/rates";
import type { BearingEntry } from "@tollgate/limits/decide";
import type { CounterState } from "@tollgate/limits/store";
import type { Candidate, Routed } from "../call.ts";

/** Minimum output bound that the proxy sets for a caller; a shorter answer is of no use. */
const CLAMP_FLOOR_TOKENS = 16;
/** Output tokens that are held for a model whose maximum is unknown, if its context window is unknown too. */
const ASSUMED_OUTPUT_TOKENS = 131_072;

/** Whether the request can limit the output. Otherwise the wire knows the most that it can be. */
export const isBounded = ({ surface }: Routed): boolean => OPERATIONS[surface.wire.operation].isBounded;

/**
 * Maximum output tokens of one answer: the smallest of the caller's bound, the model's policy and the largest
 * candidate. Null when none is known.
 */
export function outputTokensMaxOf(call: Routed, candidates: readonly Candidate[]): number | null {
  const { model, asked } = call;
  if (!isBounded(call)) return asked.maxOutputTokens;
  let able: number | null = 0;
  for (const { maxOutputTokens } of candidates) {
    able = maxOutputTokens === null || able === null ? null : Math.max(able, maxOutputTokens);
  }
  const bounds = [asked.maxOutputTokens, model.maxOutputTokens, able].filter((bound) => bound !== null);
  return bounds.length === 0 ? null : Math.min(...bounds);
}

/** The most that a model can make whose maximum is unknown: its context window. */
export const assumedOutputMax = (candidates: readonly Candidate[]): number =>
  Math.max(...candidates.map((each) => each.maxOutputTokens ?? each.contextWindow ?? ASSUMED_OUTPUT_TOKENS));

/** Cost in nano-USD at the most expensive candidate; null when a price of a candidate or unit is unknown. */
export function worstCost(candidates: readonly Candidate[], bound: UsageBound): bigint | null {
  let worst = 0n;
  for (const { maxPrice } of candidates) {
    const cost = maxPrice?.maxCost(bound) ?? null;
    if (cost === null) return null;
    if (cost > worst) worst = cost;
  }
  return worst;
}

/**
 * Output tokens of one answer that fit into the rest of every blocking limit, besides the other units of `bound`. The rest
 * is held until the call ends, so other calls at the same time are refused or shortened, and none is overspent.
 */
export function affordableTokens(
  candidates: readonly Candidate[],
  entries: readonly BearingEntry[],
  states: readonly CounterState[],
  bound: UsageBound,
  choices: number,
): number {
  let affordable = Number.MAX_SAFE_INTEGER;
  for (const [index, { mode, unit, cap }] of entries.entries()) {
    const state = states[index];
    if (mode !== "block" || !state) continue;
    const left = cap - state.committed - state.held;
    if (unit === "tokens") affordable = Math.min(affordable, Number(left) - bound.input);
    if (unit === "usd") affordable = Math.min(affordable, tokensFor(candidates, left, bound));
  }
  return Math.max(CLAMP_FLOOR_TOKENS, Math.floor(affordable / choices));
}

/**
 * Output tokens that `budget` nano-USD pays for besides the other units of `bound`, at the most expensive candidate.
 */
function tokensFor(candidates: readonly Candidate[], budget: bigint, bound: UsageBound): number {
  let tokens = Number.POSITIVE_INFINITY;
  for (const { maxPrice } of candidates) {
    const rest = maxPrice?.maxCost({ ...bound, output: 0 }) ?? null;
    const all = maxPrice?.maxCost({ ...bound, output: 1_000_000 }) ?? null;
    if (rest === null || all === null || all === rest) continue;
    tokens = Math.min(tokens, Number(((budget - rest) * 1_000_000n) / (all - rest)));
  }
  return tokens;
}
