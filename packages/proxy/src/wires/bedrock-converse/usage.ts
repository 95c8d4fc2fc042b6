import type { Use } from "@tollgate/contracts/usage-event";
import { Counts } from "../usage/counts.ts";

/** Usage of Bedrock Converse. `inputTokens` does not include tokens read from or written to the cache. */
export function bedrockUsage(counts: Counts): Use | null {
  if (!counts.has("inputTokens") && !counts.has("outputTokens")) return null;
  counts.lacksInput = !counts.has("inputTokens");
  const cacheRead = counts.get("cacheReadInputTokens", "cacheReadInputTokenCount");
  const cacheWrite = counts.get("cacheWriteInputTokens", "cacheWriteInputTokenCount");
  const cacheWrite1h = Math.min(writtenForAnHour(counts), cacheWrite);
  return {
    input: counts.get("inputTokens") + cacheRead + cacheWrite,
    cacheRead: cacheRead || undefined,
    cacheWrite5m: cacheWrite - cacheWrite1h || undefined,
    cacheWrite1h: cacheWrite1h || undefined,
    output: counts.get("outputTokens"),
  };
}

/** `cacheDetails` divides the tokens that were written to the cache by the time they stay there. */
const writtenForAnHour = (counts: Counts): number =>
  counts
    .list("cacheDetails")
    .filter(({ ttl }) => ttl === "1h")
    .reduce((sum, detail) => sum + new Counts(detail).get("inputTokens"), 0);
