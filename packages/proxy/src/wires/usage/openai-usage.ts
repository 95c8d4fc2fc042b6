import type { Use } from "@tollgate/contracts/usage-event";
import type { Counts } from "./counts.ts";

/**
 * Usage in OpenAI's two formats (chat completions, responses) and the variants of compatible providers. Cached tokens
 * are always part of the input. Reasoning is part of the output, except in xAI's chat: there the total is the sum of
 * input, output and reasoning.
 */
export function openaiUsage(counts: Counts): Use | null {
  const hasInput = counts.has("prompt_tokens") || counts.has("input_tokens");
  const hasOutput = counts.has("completion_tokens") || counts.has("output_tokens");
  if (!hasInput && !hasOutput) return null;
  const total = counts.get("total_tokens");
  const known = counts.get("prompt_tokens", "input_tokens");
  const written = counts.get("completion_tokens", "output_tokens");
  // Of two parts and their sum, one may be missing.
  const input = hasInput ? known : Math.max(0, total - written);
  const reported = hasOutput ? written : Math.max(0, total - known);
  counts.lacksInput = !hasInput && total === 0;
  const sent = counts.inner(["prompt_tokens_details", "input_tokens_details"], (details) => ({
    cached: details.get("cached_tokens"),
    written: details.get("cache_write_tokens", "cache_creation_tokens"),
    audio: details.get("audio_tokens"),
    image: details.get("image_tokens"),
  }));
  const made = counts.inner(["completion_tokens_details", "output_tokens_details"], (details) => ({
    reasoning: details.get("reasoning_tokens"),
    audio: details.get("audio_tokens"),
    image: details.get("image_tokens"),
  }));
  const reasoning = made.reasoning || counts.get("reasoning_tokens");
  const isSeparate = reasoning > 0 && total === input + reported + reasoning;
  return {
    input,
    output: isSeparate ? reported + reasoning : reported,
    cacheRead: sent.cached || counts.get("prompt_cache_hit_tokens", "cached_tokens") || undefined,
    cacheWrite5m: sent.written || undefined,
    audioInput: sent.audio || undefined,
    imageInput: sent.image || undefined,
    reasoning: reasoning || undefined,
    audioOutput: made.audio || undefined,
    imageOutput: made.image || undefined,
    searches: searches(counts) || undefined,
  };
}

const searches = (counts: Counts): number =>
  counts.inner(
    ["server_side_tool_usage_details"],
    (details) => details.get("web_search_calls") + details.get("x_search_calls"),
  ) || counts.get("num_search_queries");
