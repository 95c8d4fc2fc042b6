import { NO_TOKENS, type Tokens } from "@tollgate/contracts/usage-event";
import { Counts } from "./counts.ts";

/** Gemini: thoughts come beside the candidates, tool results beside the prompt; cached content is part of the prompt. */
export function googleUsage(counts: Counts): Tokens | null {
  if (counts.has("total_input_tokens")) return interactionUsage(counts);
  if (!counts.has("promptTokenCount") && !counts.has("candidatesTokenCount")) return null;
  const reasoning = counts.get("thoughtsTokenCount");
  return {
    ...NO_TOKENS,
    input: counts.get("promptTokenCount") + counts.get("toolUsePromptTokenCount"),
    cacheRead: counts.get("cachedContentTokenCount"),
    audioInput: audio(counts.list("promptTokensDetails"), "tokenCount"),
    output: counts.get("candidatesTokenCount", "responseTokenCount") + reasoning,
    reasoning,
    audioOutput: audio(
      [...counts.list("candidatesTokensDetails"), ...counts.list("responseTokensDetails")],
      "tokenCount",
    ),
  };
}

function interactionUsage(counts: Counts): Tokens {
  const reasoning = counts.get("total_thought_tokens");
  return {
    ...NO_TOKENS,
    input: counts.get("total_input_tokens") + counts.get("total_tool_use_tokens"),
    cacheRead: counts.get("total_cached_tokens"),
    audioInput: audio(counts.list("input_tokens_by_modality"), "tokens"),
    output: counts.get("total_output_tokens") + reasoning,
    reasoning,
  };
}

const audio = (details: Record<string, unknown>[], field: string): number =>
  details
    .filter((detail) => String(detail.modality).toUpperCase() === "AUDIO")
    .reduce((sum, detail) => sum + new Counts(detail).get(field), 0);
