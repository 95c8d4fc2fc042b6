import type { Use } from "@tollgate/contracts/usage-event";

/** Tokens as a chat client expects them: cached, audio and images within the prompt, reasoning within the completion. */
export const encodeUsage = (use: Use) => ({
  prompt_tokens: use.input,
  completion_tokens: use.output,
  total_tokens: use.input + use.output,
  prompt_tokens_details: {
    cached_tokens: use.cacheRead ?? 0,
    audio_tokens: use.audioInput ?? 0,
    image_tokens: use.imageInput ?? 0,
  },
  completion_tokens_details: {
    reasoning_tokens: use.reasoning ?? 0,
    audio_tokens: use.audioOutput ?? 0,
    image_tokens: use.imageOutput ?? 0,
  },
});
