import { serviceNamed } from "@tollgate/catalog/services";
import type { Told, UsageReport } from "./answer-report.ts";
import { type Fields, isFields } from "./fields.ts";

const MODEL_CHARS_MAX = 200;
/** Dollars. No call costs more; a larger figure is an error of the provider. */
const COST_USD_MAX = 10_000;
const TICKS_PER_NANO = 10;

/** A tier, speed or region of a response. Undefined: the response does not say, or repeats that the choice was open. */
export const toldService = (value: unknown): string | null | undefined =>
  value === undefined || value === null || value === "" || (typeof value === "string" && value.toLowerCase() === "auto")
    ? undefined
    : serviceNamed(value);

export const toldModel = (value: unknown): string | undefined =>
  typeof value === "string" && value !== "" && value.length <= MODEL_CHARS_MAX ? value : undefined;

/** nano-USD. Undefined: not a plausible cost. */
const nanoOf = (usd: unknown): bigint | undefined =>
  typeof usd === "number" && usd >= 0 && usd <= COST_USD_MAX ? BigInt(Math.round(usd * 1e9)) : undefined;

/**
 * The cost that a provider reports in its usage: OpenRouter (`cost` in dollars; with an own key of the other provider, which
 * is billed for the call, plus what that provider charges), xAI (`cost_in_usd_ticks`), Perplexity (`cost.total_cost`).
 */
export function toldCost(usage: Fields): bigint | undefined {
  const { cost, cost_in_usd_ticks: ticks, is_byok: isOwnKey, cost_details: details } = usage;
  if (typeof ticks === "number") return nanoOf(ticks / TICKS_PER_NANO / 1e9);
  if (isFields(cost)) return nanoOf(cost.total_cost);
  if (isOwnKey !== true) return nanoOf(cost);
  const upstream = isFields(details) ? nanoOf(details.upstream_inference_cost) : undefined;
  const fee = nanoOf(cost ?? 0);
  return upstream === undefined || fee === undefined ? undefined : fee + upstream;
}

/** What a response in one of OpenAI's formats says, in `service_tier` and `model` beside its usage. */
export function openAiTold(usage: unknown, { service_tier: tier, model }: Fields): Told {
  return {
    tier: toldService(tier),
    model: toldModel(model),
    costNano: isFields(usage) ? toldCost(usage) : undefined,
  };
}

/** Adds to a report what else the response says. */
export const withTold = (report: UsageReport | null, told: Told): UsageReport | null => report && { ...report, told };
