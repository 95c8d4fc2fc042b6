import type { Use } from "@tollgate/contracts/usage-event";
import { written } from "../../openai-usage-fields.ts";

/**
 * Usage in OpenAI's chat format: cached, audio and image tokens are part of the prompt, reasoning is part of the
 * completion.
 */
export const encodeUsage = (use: Use) => ({
  prompt_tokens: use.input,
  completion_tokens: use.output,
  total_tokens: use.input + use.output,
  prompt_tokens_details: {
    cached_tokens: use.cacheRead ?? 0,
    ...written(use),
    audio_tokens: use.audioInput ?? 0,
    image_tokens: use.imageInput ?? 0,
  },
  completion_tokens_details: {
    reasoning_tokens: use.reasoning ?? 0,
    audio_tokens: use.audioOutput ?? 0,
    image_tokens: use.imageOutput ?? 0,
  },
});
