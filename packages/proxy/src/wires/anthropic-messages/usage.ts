import type { Use } from "@tollgate/contracts/usage-event";
import type { Told } from "../answer-report.ts";
import { regionNamed } from "../asked-service.ts";
import type { Fields } from "../fields.ts";
import { toldModel, toldService } from "../told.ts";
import { Counts } from "../usage/counts.ts";
import type { UsageReader } from "../usage/read-usage.ts";

/** One usage block or iteration. `input_tokens` does not include tokens read from or written to the cache. */
function plain(counts: Counts) {
  const cacheRead = counts.get("cache_read_input_tokens");
  const written = counts.get("cache_creation_input_tokens");
  const cacheWrite1h = counts.inner(["cache_creation"], (split) => split.get("ephemeral_1h_input_tokens"));
  return {
    input: counts.get("input_tokens") + cacheRead + written,
    cacheRead,
    cacheWrite5m: Math.max(0, written - cacheWrite1h),
    cacheWrite1h,
    output: counts.get("output_tokens"),
  };
}

/**
 * Usage of the Messages API. The totals do not include a compaction, although it is charged, so the iterations are
 * summed. Iterations of an advisor run on another model and are left out.
 */
export function anthropicUsage(counts: Counts): Use | null {
  if (!counts.has("input_tokens") && !counts.has("output_tokens")) return null;
  counts.lacksInput = !counts.has("input_tokens");
  const iterations = counts.list("iterations");
  const ours = iterations.filter((step) => step.type === "message" || step.type === "compaction");
  const isSummed = ours.length > 0 && !iterations.some((step) => step.type === "fallback_message");
  const steps = isSummed ? ours.map((step) => new Counts(step)) : [counts];
  const sums = steps.map(plain);
  counts.suspect ||= steps.some((step) => step.suspect);
  const sum = (of: (step: (typeof sums)[number]) => number): number =>
    sums.reduce((total, step) => total + of(step), 0);
  return {
    input: sum((step) => step.input),
    cacheRead: sum((step) => step.cacheRead) || undefined,
    cacheWrite5m: sum((step) => step.cacheWrite5m) || undefined,
    cacheWrite1h: sum((step) => step.cacheWrite1h) || undefined,
    output: sum((step) => step.output),
    reasoning: counts.inner(["output_tokens_details"], (details) => details.get("thinking_tokens")) || undefined,
    searches: counts.inner(["server_tool_use"], (tools) => tools.get("web_search_requests")) || undefined,
  };
}

/** What a message says about its price: the tier, speed and region are in its usage. */
export const messagesTold = (usage: Fields, model: unknown): Told => ({
  tier: toldService(usage.service_tier),
  speed: toldService(usage.speed),
  region: usage.inference_geo === undefined ? undefined : regionNamed(usage.inference_geo),
  model: toldModel(model),
});

export const messagesUsage: UsageReader = {
  find: ({ usage }) => usage,
  read: anthropicUsage,
  told: (usage, { model }) => messagesTold(usage, model),
};
