import { getModelCapabilities } from "@ai-sdk/anthropic/internal";
import type { JSONObject, LanguageModelV4CallOptions } from "@ai-sdk/provider";
import type { Extras } from "../codec.ts";
import { isAmidTools, thinkingBudget } from "../thinking-budget.ts";
import { NAMESPACE } from "./namespace.ts";

interface Thinking {
  options: LanguageModelV4CallOptions;
  /** Bedrock's own options. */
  own: JSONObject;
  ignored: string[];
}

/**
 * How a Claude model thinks. The package that builds the request adds a budget to the output limit, and a limit of its own
 * if there is none. In a request the output limit already includes thinking, and so does the hold.
 */
export function claudeThinking(
  options: LanguageModelV4CallOptions,
  { thinkingTokens, wantsThoughts }: Extras,
  model: string,
): Thinking {
  const { reasoning, prompt, maxOutputTokens } = options;
  const { supportsAdaptiveThinking, maxOutputTokens: limit } = getModelCapabilities(model);
  if (reasoning === "none" || (reasoning === undefined && !wantsThoughts)) return { options, own: {}, ignored: [] };
  if (supportsAdaptiveThinking) {
    const reasoningConfig = { type: "adaptive", ...(wantsThoughts && { display: "summarized" }) };
    return { options, own: { reasoningConfig }, ignored: [] };
  }
  const budget = thinkingBudget(maxOutputTokens ?? limit, reasoning ?? "medium", thinkingTokens);
  const rest = { ...options, reasoning: undefined };
  if (!budget || isAmidTools(prompt, NAMESPACE)) return { options: rest, own: {}, ignored: ["reasoning"] };
  const reasoningConfig = { type: "enabled", budgetTokens: budget.budgetTokens };
  return { options: { ...rest, maxOutputTokens: budget.answerTokens }, own: { reasoningConfig }, ignored: [] };
}
