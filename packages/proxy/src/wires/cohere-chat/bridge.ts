import type { JSONObject, LanguageModelV4CallOptions } from "@ai-sdk/provider";
import type { Bridge, Extras } from "../codec.ts";
import { thinkingBudget } from "../thinking-budget.ts";
import { CohereModel } from "./cohere-model.ts";
import { NAMESPACE } from "./namespace.ts";

/** Output tokens from which a budget for thoughts is computed, if the request has no limit. */
const OUTPUT_TOKENS = 16_384;

const thinks = (model: string): boolean => model.includes("reasoning");

export const cohereBridge: Bridge = {
  open: (settings) => new CohereModel(settings),
  lacks: new Set(),
  takesImageUrls: true,
  takesAudio: false,
  takesFilesInToolResults: false,
  shape(given, extras, model) {
    const { options, thinking, ignored } = withThinking(given, extras, model);
    if (extras.user !== undefined) ignored.push("user");
    if (extras.parallelToolCalls === false && given.tools) ignored.push("parallelToolCalls");
    return { options: { ...options, providerOptions: { [NAMESPACE]: thinking } }, ignored };
  },
  extensions: () => undefined,
  callExtras: () => undefined,
  earlyUsage: () => undefined,
  citesSources: true,
};

interface Thinking {
  options: LanguageModelV4CallOptions;
  /** Fields of the request. */
  thinking: JSONObject;
  ignored: string[];
}

/** Cohere bounds thoughts by a number of tokens, which the output limit includes. Most of its models have none. */
function withThinking(given: LanguageModelV4CallOptions, { thinkingTokens }: Extras, model: string): Thinking {
  const { reasoning, ...options } = given;
  if (reasoning === undefined) return { options, thinking: {}, ignored: [] };
  if (!thinks(model)) return { options, thinking: {}, ignored: reasoning === "none" ? [] : ["reasoning"] };
  if (reasoning === "none") return { options, thinking: { thinking: { type: "disabled" } }, ignored: [] };
  const budget = thinkingBudget(options.maxOutputTokens ?? OUTPUT_TOKENS, reasoning, thinkingTokens);
  if (!budget) return { options, thinking: {}, ignored: ["reasoning"] };
  const thinking = { type: "enabled", token_budget: budget.budgetTokens };
  return { options, thinking: { thinking }, ignored: [] };
}
