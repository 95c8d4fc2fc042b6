import type { LanguageModelV4CallOptions, LanguageModelV4Prompt } from "@ai-sdk/provider";

type Effort = NonNullable<LanguageModelV4CallOptions["reasoning"]>;

/** The share of the output limit that may be used for thinking. */
const THINKING_SHARE: Readonly<Partial<Record<Effort, number>>> = {
  minimal: 0.1,
  low: 0.2,
  medium: 0.4,
  high: 0.6,
  xhigh: 0.8,
};
const THINKING_TOKENS_MIN = 1_024;
const ANSWER_TOKENS_MIN = 512;

/** How the output limit of a Claude model is divided, in tokens. */
export interface ThinkingBudget {
  budgetTokens: number;
  answerTokens: number;
}

/**
 * The division of an output limit in tokens by effort, or by the budget that the client gives. Null: the limit is too small
 * for thinking.
 */
export function thinkingBudget(limit: number, effort: Effort, given?: number): ThinkingBudget | null {
  const wanted = given ?? Math.floor(limit * (THINKING_SHARE[effort] ?? 0));
  const budgetTokens = Math.max(THINKING_TOKENS_MIN, wanted);
  const answerTokens = limit - budgetTokens;
  return answerTokens < ANSWER_TOKENS_MIN ? null : { budgetTokens, answerTokens };
}

/**
 * Whether the prompt ends with a tool result, without the thoughts that led to the call. Claude models with a budget
 * refuse to think then. `namespace`: the AI SDK's, of the provider whose metadata a thought has.
 */
export const isAmidTools = (prompt: LanguageModelV4Prompt, namespace: string): boolean => {
  if (prompt.at(-1)?.role !== "tool") return false;
  const last = prompt.findLast((message) => message.role === "assistant");
  return !last?.content.some((part) => part.type === "reasoning" && part.providerOptions?.[namespace]);
};
