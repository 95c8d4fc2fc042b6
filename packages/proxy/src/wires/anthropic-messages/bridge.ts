import { AnthropicMessagesLanguageModel, getModelCapabilities } from "@ai-sdk/anthropic/internal";
import type { JSONObject, LanguageModelV4CallOptions } from "@ai-sdk/provider";
import { thoughtsFor } from "../claude-signature.ts";
import type { Bridge, ModelSettings, Shaped } from "../codec.ts";
import { isFields } from "../fields.ts";
import { withLeadingSystem } from "../leading-system.ts";
import { isAmidTools, thinkingBudget } from "../thinking-budget.ts";
import { messagesPath } from "./target-path.ts";
import { anthropicSearch } from "./web-search.ts";

type Effort = LanguageModelV4CallOptions["reasoning"];

export const anthropicBridge: Bridge = {
  open: (settings) => (settings.serving.versionInBody === undefined ? openOwn(settings) : openElsewhere(settings)),
  lacks: new Set(["presencePenalty", "frequencyPenalty"]),
  takesImageUrls: true,
  takesAudio: false,
  takesFilesInToolResults: true,
  webSearch: anthropicSearch,
  shape: (given, { user, parallelToolCalls }, upstreamModel) => {
    const options = { ...given, prompt: thoughtsFor(withLeadingSystem(given.prompt), "anthropic") };
    const common: JSONObject = {
      ...(user !== undefined && { metadata: { userId: user } }),
      ...(parallelToolCalls === false && { disableParallelToolUse: true }),
    };
    const { reasoning } = options;
    const hasBudget =
      reasoning && reasoning !== "none" && !getModelCapabilities(upstreamModel).supportsAdaptiveThinking;
    return hasBudget ? withBudget(options, reasoning, common) : { options: own(options, common), ignored: [] };
  },
  // Anthropic's own field on a part or a tool. The provider caches the prompt up to and including that part.
  extensions: ({ cache_control: mark }) => {
    if (!isFields(mark)) return undefined;
    const ttl = mark.ttl === "1h" ? { ttl: "1h" } : {};
    return { anthropic: { cacheControl: { type: "ephemeral", ...ttl } } };
  },
  callExtras: () => undefined,
  hides: ({ anthropic }) => anthropic?.type === "compaction",
  earlyUsage: (part) => (part.type === "custom" ? part.providerMetadata?.anthropic?.usage : undefined),
};

const OWN_HEADERS = { "anthropic-version": "2023-06-01" };

/** A model at Anthropic. The package's own factory makes further objects and headers for every call. */
const openOwn = ({ baseUrl, upstreamModel, fetch }: ModelSettings): AnthropicMessagesLanguageModel =>
  new AnthropicMessagesLanguageModel(upstreamModel, {
    provider: "anthropic.messages",
    baseURL: baseUrl,
    headers: OWN_HEADERS,
    fetch,
  });

/** A model at a provider that has the version in the body and the model in the path. */
const openElsewhere = ({ baseUrl, upstreamModel, serving, fetch }: ModelSettings): AnthropicMessagesLanguageModel =>
  new AnthropicMessagesLanguageModel(upstreamModel, {
    provider: "anthropic.messages",
    baseURL: baseUrl,
    fetch,
    buildRequestUrl: (base, isStream) => base + messagesPath(serving, upstreamModel, isStream),
    transformRequestBody: ({ model: _, ...body }) => ({ ...body, anthropic_version: serving.versionInBody }),
    supportsNativeStructuredOutput: false,
    supportsStrictTools: false,
  });

const own = (options: LanguageModelV4CallOptions, anthropic: JSONObject): LanguageModelV4CallOptions => ({
  ...options,
  providerOptions: { anthropic },
});

/**
 * Options for models that have a thinking budget. The AI SDK adds the budget to the output limit. In a chat request the
 * output limit already includes thinking, and so does the hold, so the budget is subtracted first. Thinking is left out
 * after a tool result if the client did not send back the thoughts that led to the call: these models need them.
 */
function withBudget(options: LanguageModelV4CallOptions, effort: NonNullable<Effort>, common: JSONObject): Shaped {
  const { maxOutputTokens, prompt, ...rest } = options;
  const isAmid = isAmidTools(prompt, "anthropic");
  if (maxOutputTokens === undefined && !isAmid) return { options: own(options, common), ignored: [] };
  const budget = thinkingBudget(maxOutputTokens ?? 0, effort);
  if (!budget || isAmid) {
    return { options: own({ ...options, reasoning: undefined }, common), ignored: ["reasoning"] };
  }
  const { budgetTokens, answerTokens } = budget;
  const bounded = { ...rest, prompt, reasoning: undefined, maxOutputTokens: answerTokens };
  return { options: own(bounded, { ...common, thinking: { type: "enabled", budgetTokens } }), ignored: [] };
}
