import { anthropicMessages } from "./anthropic-messages/anthropic-messages.ts";
import { googleGenerate } from "./google-generate/google-generate.ts";
import { openAiChat } from "./openai-chat/openai-chat.ts";
import type { Wire } from "./wire.ts";

/** One row for each wire. Surfaces have one, and provider rows name those they serve by its id. */
export const WIRES = {
  "openai-chat": openAiChat,
  "anthropic-messages": anthropicMessages,
  "google-generate": googleGenerate,
} as const satisfies Readonly<Record<string, Wire>>;
