import { createAnthropic } from "@ai-sdk/anthropic";
import { createGoogle } from "@ai-sdk/google";
import type { LanguageModelV4, LanguageModelV4ToolCall, SharedV4ProviderOptions } from "@ai-sdk/provider";
import type { Dialect } from "@tollgate/catalog/providers";
import { type Fields, isFields, isString, unsupported } from "./fields.ts";

export interface ModelSettings {
  baseUrl: string;
  secret: string;
  upstreamModel: string;
  fetch: typeof globalThis.fetch;
}

/** One AI SDK provider package, and where its dialect differs from what a chat request can say. */
export interface Bridge {
  open(settings: ModelSettings): LanguageModelV4;
  /** Fields of a chat request the provider has nothing for: 400 when they ask for something. */
  lacks: ReadonlySet<string>;
  /** Whether the provider fetches images by URL; we never do. */
  takesImageUrls: boolean;
  takesAudio: boolean;
  options(asked: { user: string | undefined; parallelToolCalls: boolean | undefined }): SharedV4ProviderOptions;
  /** What a provider wants to see again of an earlier tool call, and how it was told to the client. */
  callOptions(call: Fields): SharedV4ProviderOptions | undefined;
  callExtras(call: LanguageModelV4ToolCall): Fields | undefined;
}

const anthropic: Bridge = {
  open: ({ baseUrl, secret, upstreamModel, fetch }) =>
    createAnthropic({ baseURL: baseUrl, apiKey: secret, fetch }).languageModel(upstreamModel),
  lacks: new Set(["presence_penalty", "frequency_penalty"]),
  takesImageUrls: true,
  takesAudio: false,
  options: ({ user, parallelToolCalls }) => ({
    anthropic: {
      ...(user !== undefined && { metadata: { userId: user } }),
      ...(parallelToolCalls === false && { disableParallelToolUse: true }),
    },
  }),
  callOptions: () => undefined,
  callExtras: () => undefined,
};

/** Gemini signs its thoughts and wants the signature back with the call, as its own OpenAI endpoint does it. */
const google: Bridge = {
  open: ({ baseUrl, secret, upstreamModel, fetch }) =>
    createGoogle({ baseURL: baseUrl, apiKey: secret, fetch }).languageModel(upstreamModel),
  lacks: new Set(),
  takesImageUrls: false,
  takesAudio: true,
  options: ({ parallelToolCalls }) => {
    if (parallelToolCalls === false) throw unsupported("parallel_tool_calls", "Gemini");
    return {};
  },
  callOptions: ({ extra_content: extra }) => {
    const signature = isFields(extra) && isFields(extra.google) ? extra.google.thought_signature : undefined;
    return isString(signature) ? { google: { thoughtSignature: signature } } : undefined;
  },
  callExtras: ({ providerMetadata }) => {
    const signature = providerMetadata?.google?.thoughtSignature;
    return isString(signature) ? { extra_content: { google: { thought_signature: signature } } } : undefined;
  },
};

/** Undefined: this dialect is only passed through. */
export const BRIDGES: Readonly<Partial<Record<Dialect, Bridge>>> = { anthropic, google };
