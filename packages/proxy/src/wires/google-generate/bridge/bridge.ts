import { createGoogle } from "@ai-sdk/google";
import type { LanguageModelV4CallOptions } from "@ai-sdk/provider";
import type { Serving } from "@tollgate/catalog/providers";
import { type Bridge, UNSIGNED } from "../../codec.ts";
import { isFields, isString } from "../../fields.ts";
import { withLeadingSystem } from "../../leading-system.ts";
import { candidateTokens } from "./candidate-tokens.ts";
import { googleFinishReason } from "./finish-reason.ts";
import { withImageTypes } from "./image-addresses.ts";
import { googleMending } from "./mending.ts";
import { googleSearch } from "./web-search.ts";
import { withGeneration } from "./with-generation.ts";

/** The largest budget that all of Gemini's models take, in tokens. */
const GEMINI_THINKING_MAX = 24_576;

/**
 * Gemini adds a signature of its thoughts to a tool call and requires it back with that call. The field
 * `extra_content.google.thought_signature` is the one that Google's own OpenAI-compatible endpoint uses.
 */
export const googleBridge: Bridge = {
  open: ({ baseUrl, upstreamModel, serving, fetch, beside }) =>
    createGoogle({
      baseURL: baseUrl + aboveModels(serving),
      apiKey: UNSIGNED,
      fetch: beside ? withGeneration(fetch, beside) : fetch,
    }).languageModel(upstreamModel),
  lacks: new Set(),
  takesImageUrls: true,
  takesAudio: true,
  takesOwnImages: true,
  takesFilesInToolResults: true,
  // Gemini cannot be told to make one tool call at a time.
  shape(given, { parallelToolCalls, thinkingTokens, wantsThoughts, logprobs }) {
    const options: LanguageModelV4CallOptions = {
      ...given,
      prompt: withImageTypes(withLeadingSystem(given.prompt)),
      includeRawChunks: true,
    };
    if (wantsThoughts) options.providerOptions = { google: { thinkingConfig: thinking(given, thinkingTokens) } };
    const ignored = parallelToolCalls === false ? ["parallelToolCalls"] : [];
    if (logprobs === undefined) return { options, ignored };
    return { options, ignored, logprobs, beside: { responseLogprobs: true, ...(logprobs > 0 && { logprobs }) } };
  },
  extensions: ({ extra_content: extra }) => {
    const signature = isFields(extra) && isFields(extra.google) ? extra.google.thought_signature : undefined;
    return isString(signature) ? { google: { thoughtSignature: signature } } : undefined;
  },
  callExtras: ({ providerMetadata }) => {
    const signature = providerMetadata?.google?.thoughtSignature;
    return isString(signature) ? { extra_content: { google: { thought_signature: signature } } } : undefined;
  },
  webSearch: googleSearch,
  logprobsIn: candidateTokens,
  citesSources: true,
  // Each chunk has the usage so far.
  earlyUsage: (part) => (part.type === "raw" && isFields(part.rawValue) ? part.rawValue.usageMetadata : undefined),
  ended: googleFinishReason,
  mending: googleMending,
};

/** The part of the path before `/models/…`, which the provider package adds. */
const aboveModels = ({ path }: Serving): string => path.slice(0, Math.max(0, path.indexOf("/models/")));

/** A budget in tokens replaces the effort. Gemini's output limit includes its thoughts. */
const thinking = ({ maxOutputTokens }: LanguageModelV4CallOptions, tokens: number | undefined) => ({
  includeThoughts: true,
  ...(tokens !== undefined && { thinkingBudget: Math.min(tokens, GEMINI_THINKING_MAX, maxOutputTokens ?? tokens) }),
});
