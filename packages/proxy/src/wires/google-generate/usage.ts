import type { Use } from "@tollgate/contracts/usage-event";
import type { Told, UsageReport } from "../answer-report.ts";
import type { Fields } from "../fields.ts";
import { toldModel, toldService } from "../told.ts";
import { Counts } from "../usage/counts.ts";
import type { UsageReader } from "../usage/read-usage.ts";

/**
 * Usage of Gemini. Thoughts are not included in the candidates' tokens, and tool results are not included in the
 * prompt's; cached content is included in the prompt's. A list by modality may be incomplete, so only audio and images
 * are read from it.
 */
export function googleUsage(counts: Counts): Use | null {
  if (counts.has("total_input_tokens")) return interactionUsage(counts);
  const outputs = ["candidatesTokenCount", "responseTokenCount", "thoughtsTokenCount"];
  const hasOutput = outputs.some((name) => counts.has(name));
  const hasInput = counts.has("promptTokenCount");
  if (!hasInput && !hasOutput) return null;
  const reasoning = counts.get("thoughtsTokenCount");
  const sent = byModality("tokenCount", counts, "promptTokensDetails", "toolUsePromptTokensDetails");
  const made = byModality("tokenCount", counts, "candidatesTokensDetails", "responseTokensDetails");
  const total = counts.get("totalTokenCount");
  const output = counts.get("candidatesTokenCount", "responseTokenCount") + reasoning;
  const tools = counts.get("toolUsePromptTokenCount");
  counts.lacksInput = !hasInput && total === 0;
  return {
    input: hasInput ? counts.get("promptTokenCount") + tools : Math.max(0, total - output),
    cacheRead: counts.get("cachedContentTokenCount") || undefined,
    audioInput: sent("AUDIO") || undefined,
    imageInput: sent("IMAGE") || undefined,
    output,
    reasoning: reasoning || undefined,
    audioOutput: made("AUDIO") || undefined,
    imageOutput: made("IMAGE") || undefined,
  };
}

/** The fields that are read from a usage block. */
export const USAGE_FIELDS = [
  ...["promptTokenCount", "candidatesTokenCount", "responseTokenCount", "thoughtsTokenCount", "totalTokenCount"],
  ...["toolUsePromptTokenCount", "cachedContentTokenCount", "promptTokensDetails", "toolUsePromptTokensDetails"],
  ...["candidatesTokensDetails", "responseTokensDetails", "serviceTier", "trafficType"],
];

/** What Gemini and Vertex say about the price: Gemini names a tier, Vertex a type of traffic. */
export const googleTold = (usage: Fields, { modelVersion, model }: Fields): Told => ({
  tier: toldService(usage.serviceTier ?? usage.trafficType),
  model: toldModel(modelVersion ?? model),
});

export const generateUsage: UsageReader = {
  find: ({ usageMetadata }) => usageMetadata,
  read: googleUsage,
  told: googleTold,
};

/** Adds the searches of an answer, which its usage block does not count. */
export const withSearches = (report: UsageReport, searches: number): UsageReport =>
  searches === 0 ? report : { ...report, use: { ...report.use, searches } };

function interactionUsage(counts: Counts): Use {
  const reasoning = counts.get("total_thought_tokens");
  const sent = byModality("tokens", counts, "input_tokens_by_modality", "tool_use_tokens_by_modality");
  const made = byModality("tokens", counts, "output_tokens_by_modality");
  return {
    input: counts.get("total_input_tokens") + counts.get("total_tool_use_tokens"),
    cacheRead: counts.get("total_cached_tokens") || undefined,
    audioInput: sent("AUDIO") || undefined,
    imageInput: sent("IMAGE") || undefined,
    output: counts.get("total_output_tokens") + reasoning,
    reasoning: reasoning || undefined,
    audioOutput: made("AUDIO") || undefined,
    imageOutput: made("IMAGE") || undefined,
  };
}

/** Returns a function that sums the tokens of one modality over the named lists. `field` holds the count of an item. */
const byModality = (field: string, counts: Counts, ...lists: string[]) => {
  const details = lists.flatMap((name) => counts.list(name));
  return (modality: "AUDIO" | "IMAGE"): number =>
    details
      .filter((detail) => String(detail.modality).toUpperCase() === modality)
      .reduce((sum, detail) => sum + new Counts(detail).get(field), 0);
};
