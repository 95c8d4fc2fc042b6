import type { Tokens } from "@tollgate/contracts/usage-event";

/** Tokens as a chat client expects them: cached, audio and images within the prompt, reasoning within the completion. */
export const encodeUsage = (tokens: Tokens) => ({
  prompt_tokens: tokens.input,
  completion_tokens: tokens.output,
  total_tokens: tokens.input + tokens.output,
  prompt_tokens_details: {
    cached_tokens: tokens.cacheRead,
    audio_tokens: tokens.audioInput,
    image_tokens: tokens.imageInput,
  },
  completion_tokens_details: {
    reasoning_tokens: tokens.reasoning,
    audio_tokens: tokens.audioOutput,
    image_tokens: tokens.imageOutput,
  },
});
