import { anthropicMessages } from "./anthropic-messages/anthropic-messages.ts";
import { googleGenerate } from "./google-generate/google-generate.ts";
import { openAiChat } from "./openai-chat/openai-chat.ts";
import { openAiResponses } from "./openai-responses/openai-responses.ts";
import type { Wire } from "./wire.ts";

/** One row for each wire. A surface has one wire. A provider row lists the ids of the wires it serves. */
export const WIRES = {
  "openai-chat": openAiChat,
  "openai-responses": openAiResponses,
  "anthropic-messages": anthropicMessages,
  "google-generate": googleGenerate,
} as const satisfies Readonly<Record<string, Wire>>;
