import type { Use } from "@tollgate/contracts/usage-event";
import type { Told } from "../answer-report.ts";
import { toldModel, toldService } from "../told.ts";
import { Counts, isBlock } from "../usage/counts.ts";

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

const named = (value: unknown, field: string): unknown => (isBlock(value) ? value[field] : value);

/** Bedrock names a tier, and whether the latency was optimised, which has a price of its own. */
export const bedrockTold = (
  _usage: unknown,
  { serviceTier, service_tier: tier, performanceConfig, model }: Readonly<Record<string, unknown>>,
): Told => ({
  tier: toldService(named(serviceTier ?? tier, "type")),
  speed: toldService(named(performanceConfig, "latency")),
  model: toldModel(model),
});

/** `cacheDetails` divides the tokens that were written to the cache by the time they stay there. */
const writtenForAnHour = (counts: Counts): number =>
  counts
    .list("cacheDetails")
    .filter(({ ttl }) => ttl === "1h")
    .reduce((sum, detail) => sum + new Counts(detail).get("inputTokens"), 0);
