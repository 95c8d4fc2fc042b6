import { createAnthropic } from "@ai-sdk/anthropic";
import { getModelCapabilities } from "@ai-sdk/anthropic/internal";
import type { JSONObject, LanguageModelV4CallOptions, LanguageModelV4Prompt } from "@ai-sdk/provider";
import { type Bridge, type Shaped, UNSIGNED } from "../codec.ts";
import { isFields } from "../fields.ts";

type Effort = LanguageModelV4CallOptions["reasoning"];

/** Which part of the bound on the output may be spent on thinking. */
const THINKING_SHARE: Readonly<Partial<Record<NonNullable<Effort>, number>>> = {
  minimal: 0.1,
  low: 0.2,
  medium: 0.4,
  high: 0.6,
  xhigh: 0.8,
};
const THINKING_TOKENS_MIN = 1_024;
const ANSWER_TOKENS_MIN = 512;

export const anthropicBridge: Bridge = {
  open: ({ baseUrl, upstreamModel, fetch }) =>
    createAnthropic({ baseURL: baseUrl, apiKey: UNSIGNED, fetch }).languageModel(upstreamModel),
  lacks: new Set(["presence_penalty", "frequency_penalty"]),
  takesImageUrls: true,
  takesAudio: false,
  shape: (options, { user, parallelToolCalls }, upstreamModel) => {
    const common: JSONObject = {
      ...(user !== undefined && { metadata: { userId: user } }),
      ...(parallelToolCalls === false && { disableParallelToolUse: true }),
    };
    const { reasoning } = options;
    const hasBudget =
      reasoning && reasoning !== "none" && !getModelCapabilities(upstreamModel).supportsAdaptiveThinking;
    return hasBudget ? withBudget(options, reasoning, common) : { options: own(options, common), ignored: [] };
  },
  // As other gateways have it: Anthropic's own mark on a part or a tool, up to which the prompt is cached.
  extensions: ({ cache_control: mark }) => {
    if (!isFields(mark)) return undefined;
    const ttl = mark.ttl === "1h" ? { ttl: "1h" } : {};
    return { anthropic: { cacheControl: { type: "ephemeral", ...ttl } } };
  },
  callExtras: () => undefined,
  earlyUsage: (part) => (part.type === "custom" ? part.providerMetadata?.anthropic?.usage : undefined),
};

const own = (options: LanguageModelV4CallOptions, anthropic: JSONObject): LanguageModelV4CallOptions => ({
  ...options,
  providerOptions: { anthropic },
});

/**
 * Models whose thinking has a budget. The AI SDK would add it to the bound on the output, but a chat request's bound
 * includes it, and so does what was held for it. And they refuse to think on when a tool's result comes back without
 * their earlier thoughts, which chat clients do not keep.
 */
function withBudget(options: LanguageModelV4CallOptions, effort: NonNullable<Effort>, common: JSONObject): Shaped {
  const { maxOutputTokens, prompt, ...rest } = options;
  if (maxOutputTokens === undefined && !isAmidTools(prompt)) return { options: own(options, common), ignored: [] };
  const budgetTokens = Math.max(
    THINKING_TOKENS_MIN,
    Math.floor((maxOutputTokens ?? 0) * (THINKING_SHARE[effort] ?? 0)),
  );
  const answerTokens = (maxOutputTokens ?? 0) - budgetTokens;
  if (answerTokens < ANSWER_TOKENS_MIN || isAmidTools(prompt)) {
    return { options: own({ ...options, reasoning: undefined }, common), ignored: ["reasoning_effort"] };
  }
  const bounded = { ...rest, prompt, reasoning: undefined, maxOutputTokens: answerTokens };
  return { options: own(bounded, { ...common, thinking: { type: "enabled", budgetTokens } }), ignored: [] };
}

const isAmidTools = (prompt: LanguageModelV4Prompt): boolean => prompt.at(-1)?.role === "tool";
