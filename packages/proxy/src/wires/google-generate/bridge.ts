import { createGoogle } from "@ai-sdk/google";
import { type Bridge, UNSIGNED } from "../codec.ts";
import { isFields, isString } from "../fields.ts";

/**
 * Gemini adds a signature of its thoughts to a tool call and requires it back with that call. The field
 * `extra_content.google.thought_signature` is the one that Google's own OpenAI-compatible endpoint uses.
 */
export const googleBridge: Bridge = {
  open: ({ baseUrl, upstreamModel, fetch }) =>
    createGoogle({ baseURL: baseUrl, apiKey: UNSIGNED, fetch }).languageModel(upstreamModel),
  lacks: new Set(),
  takesImageUrls: false,
  takesAudio: true,
  takesFilesInToolResults: true,
  // Gemini cannot be told to make one tool call at a time.
  shape: (options, { parallelToolCalls }) => ({
    options,
    ignored: parallelToolCalls === false ? ["parallelToolCalls"] : [],
  }),
  extensions: ({ extra_content: extra }) => {
    const signature = isFields(extra) && isFields(extra.google) ? extra.google.thought_signature : undefined;
    return isString(signature) ? { google: { thoughtSignature: signature } } : undefined;
  },
  callExtras: ({ providerMetadata }) => {
    const signature = providerMetadata?.google?.thoughtSignature;
    return isString(signature) ? { extra_content: { google: { thought_signature: signature } } } : undefined;
  },
  earlyUsage: () => undefined,
};
