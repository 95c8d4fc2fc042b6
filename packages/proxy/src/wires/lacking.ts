import type { LanguageModelV4CallOptions } from "@ai-sdk/provider";
import type { Bridge, Codec } from "./codec.ts";
import { unsupported } from "./fields.ts";

/** Throws 400 and names the field when the options have a setting that the provider does not support. */
export function refuseLacking(
  options: LanguageModelV4CallOptions,
  { lacks }: Bridge,
  fieldName: Codec["fieldName"],
  providerName: string,
): void {
  for (const [setting, value] of Object.entries(options)) {
    if (value !== undefined && lacks.has(setting)) throw unsupported(fieldName(setting), providerName);
  }
}

/** Throws 400 and names the field when the client wants log probabilities and the provider has none. */
export function refuseLogprobs(
  wanted: number | undefined,
  { logprobsIn }: Pick<Bridge, "logprobsIn">,
  field: string,
  providerName: string,
): void {
  if (wanted !== undefined && !logprobsIn) throw unsupported(field, providerName);
}
