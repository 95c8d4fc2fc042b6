import { createOpenAI } from "@ai-sdk/openai";
import type { LanguageModelV4StreamPart } from "@ai-sdk/provider";
import { type Bridge, UNSIGNED } from "../codec.ts";
import { type Fields, isFields } from "../fields.ts";
import { errorOf } from "./response-error.ts";
import { responseTokens } from "./response-tokens.ts";
import { responsesUsage } from "./usage.ts";
import { responsesSearch, searchesMax } from "./web-search.ts";

/** Reaches models that OpenAI serves through this API only. Nothing is stored there. */
export const responsesBridge: Bridge = {
  open: ({ baseUrl, upstreamModel, fetch }) =>
    createOpenAI({ baseURL: baseUrl, apiKey: UNSIGNED, fetch }).responses(upstreamModel),
  lacks: new Set(["stopSequences", "presencePenalty", "frequencyPenalty"]),
  takesImageUrls: true,
  takesAudio: false,
  takesFilesInToolResults: true,
  webSearch: responsesSearch,
  shape: (options, { user, parallelToolCalls, logprobs }) => {
    const maxToolCalls = searchesMax(options.tools);
    const openai = {
      store: false,
      ...(maxToolCalls !== null && { maxToolCalls }),
      // Other formats do not have the conditions that OpenAI makes on strict schemas.
      strictJsonSchema: false,
      // The package has no way to ask for none of the most likely tokens.
      ...(logprobs !== undefined && { logprobs: Math.max(1, logprobs) }),
      ...(user !== undefined && { user }),
      ...(parallelToolCalls !== undefined && options.tools && { parallelToolCalls }),
    };
    return { options: { ...options, includeRawChunks: true, providerOptions: { openai } }, ignored: [], logprobs };
  },
  extensions: () => undefined,
  callExtras: () => undefined,
  logprobsIn: responseTokens,
  ownTools: new Set(["apply_patch", "computer", "computer_use", "local_shell", "shell", "tool_search"]),
  earlyUsage: (part) => responsesUsage.find(rawEvent(part)),
  errorIn: (part) => {
    const event = rawEvent(part);
    if (event.type === "error") return errorOf(event);
    return event.type === "response.failed" && isFields(event.response) ? errorOf(event.response) : undefined;
  },
};

const NOTHING: Fields = {};

const rawEvent = (part: LanguageModelV4StreamPart): Fields =>
  part.type === "raw" && isFields(part.rawValue) ? part.rawValue : NOTHING;
