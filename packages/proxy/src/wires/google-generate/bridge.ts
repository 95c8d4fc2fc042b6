import { createGoogle } from "@ai-sdk/google";
import { type Bridge, UNSIGNED } from "../codec.ts";
import { isFields, isString, unsupported } from "../fields.ts";

/** Gemini signs its thoughts and wants the signature back with the call; its own OpenAI endpoint tells it this way. */
export const googleBridge: Bridge = {
  open: ({ baseUrl, upstreamModel, fetch }) =>
    createGoogle({ baseURL: baseUrl, apiKey: UNSIGNED, fetch }).languageModel(upstreamModel),
  lacks: new Set(),
  takesImageUrls: false,
  takesAudio: true,
  shape: (options, { parallelToolCalls }) => {
    if (parallelToolCalls === false) throw unsupported("parallel_tool_calls", "Google Gemini");
    return { options, ignored: [] };
  },
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
