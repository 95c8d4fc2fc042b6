import { NO_TOKENS, type Tokens } from "@tollgate/contracts/usage-event";
import type { Counts } from "../usage/counts.ts";

/** Bedrock Converse: `inputTokens` leaves out what was read from or written to the cache. */
export function bedrockUsage(counts: Counts): Tokens | null {
  if (!counts.has("inputTokens")) return null;
  const cacheRead = counts.get("cacheReadInputTokens", "cacheReadInputTokenCount");
  const cacheWrite5m = counts.get("cacheWriteInputTokens", "cacheWriteInputTokenCount");
  return {
    ...NO_TOKENS,
    input: counts.get("inputTokens") + cacheRead + cacheWrite5m,
    cacheRead,
    cacheWrite5m,
    output: counts.get("outputTokens"),
  };
}
