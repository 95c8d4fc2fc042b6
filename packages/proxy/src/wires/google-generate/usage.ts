import { NO_TOKENS, type Tokens } from "@tollgate/contracts/usage-event";
import { Counts } from "../usage/counts.ts";

/**
 * Gemini: thoughts come beside the candidates, tool results beside the prompt; cached content is part of the prompt.
 * A list of modalities may leave out the words beside an image.
 */
export function googleUsage(counts: Counts): Tokens | null {
  if (counts.has("total_input_tokens")) return interactionUsage(counts);
  if (!counts.has("promptTokenCount") && !counts.has("candidatesTokenCount")) return null;
  const reasoning = counts.get("thoughtsTokenCount");
  const sent = byModality("tokenCount", counts, "promptTokensDetails", "toolUsePromptTokensDetails");
  const made = byModality("tokenCount", counts, "candidatesTokensDetails", "responseTokensDetails");
  return {
    ...NO_TOKENS,
    input: counts.get("promptTokenCount") + counts.get("toolUsePromptTokenCount"),
    cacheRead: counts.get("cachedContentTokenCount"),
    audioInput: sent("AUDIO"),
    imageInput: sent("IMAGE"),
    output: counts.get("candidatesTokenCount", "responseTokenCount") + reasoning,
    reasoning,
    audioOutput: made("AUDIO"),
    imageOutput: made("IMAGE"),
  };
}

function interactionUsage(counts: Counts): Tokens {
  const reasoning = counts.get("total_thought_tokens");
  const sent = byModality("tokens", counts, "input_tokens_by_modality", "tool_use_tokens_by_modality");
  const made = byModality("tokens", counts, "output_tokens_by_modality");
  return {
    ...NO_TOKENS,
    input: counts.get("total_input_tokens") + counts.get("total_tool_use_tokens"),
    cacheRead: counts.get("total_cached_tokens"),
    audioInput: sent("AUDIO"),
    imageInput: sent("IMAGE"),
    output: counts.get("total_output_tokens") + reasoning,
    reasoning,
    audioOutput: made("AUDIO"),
    imageOutput: made("IMAGE"),
  };
}

/** How many tokens of a modality the lists of that name hold, each item's count under `field`. */
const byModality = (field: string, counts: Counts, ...lists: string[]) => {
  const details = lists.flatMap((name) => counts.list(name));
  return (modality: "AUDIO" | "IMAGE"): number =>
    details
      .filter((detail) => String(detail.modality).toUpperCase() === modality)
      .reduce((sum, detail) => sum + new Counts(detail).get(field), 0);
};
