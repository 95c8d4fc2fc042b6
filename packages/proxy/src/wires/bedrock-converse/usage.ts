import type { Use } from "@tollgate/contracts/usage-event";
import type { Counts } from "../usage/counts.ts";

/** Usage of Bedrock Converse. `inputTokens` does not include tokens read from or written to the cache. */
export function bedrockUsage(counts: Counts): Use | null {
  if (!counts.has("inputTokens") && !counts.has("outputTokens")) return null;
  counts.lacksInput = !counts.has("inputTokens");
  const cacheRead = counts.get("cacheReadInputTokens", "cacheReadInputTokenCount");
  const cacheWrite5m = counts.get("cacheWriteInputTokens", "cacheWriteInputTokenCount");
  return {
    input: counts.get("inputTokens") + cacheRead + cacheWrite5m,
    cacheRead: cacheRead || undefined,
    cacheWrite5m: cacheWrite5m || undefined,
    output: counts.get("outputTokens"),
  };
}
