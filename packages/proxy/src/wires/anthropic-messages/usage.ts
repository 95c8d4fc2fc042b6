import { NO_TOKENS, type Tokens } from "@tollgate/contracts/usage-event";
import { Counts } from "../usage/counts.ts";

/** One block or iteration: `input_tokens` leaves out what was read from or written to the cache. */
function plain(counts: Counts): Tokens {
  const cacheRead = counts.get("cache_read_input_tokens");
  const written = counts.get("cache_creation_input_tokens");
  const cacheWrite1h = counts.inner(["cache_creation"], (split) => split.get("ephemeral_1h_input_tokens"));
  return {
    ...NO_TOKENS,
    input: counts.get("input_tokens") + cacheRead + written,
    cacheRead,
    cacheWrite5m: Math.max(0, written - cacheWrite1h),
    cacheWrite1h,
    output: counts.get("output_tokens"),
  };
}

/**
 * Anthropic's messages. With a compaction the totals leave it out although it is charged, so the iterations are summed;
 * an advisor's iterations run on another model and are not this model's tokens.
 */
export function anthropicUsage(counts: Counts): Tokens | null {
  if (!counts.has("input_tokens") && !counts.has("output_tokens")) return null;
  const iterations = counts.list("iterations");
  const ours = iterations.filter((step) => step.type === "message" || step.type === "compaction");
  const isSummed = ours.length > 0 && !iterations.some((step) => step.type === "fallback_message");
  const steps = isSummed ? ours.map((step) => new Counts(step)) : [counts];
  const sums = steps.map(plain);
  counts.suspect ||= steps.some((step) => step.suspect);
  const sum = (of: (tokens: Tokens) => number): number => sums.reduce((total, tokens) => total + of(tokens), 0);
  return {
    ...NO_TOKENS,
    input: sum((tokens) => tokens.input),
    cacheRead: sum((tokens) => tokens.cacheRead),
    cacheWrite5m: sum((tokens) => tokens.cacheWrite5m),
    cacheWrite1h: sum((tokens) => tokens.cacheWrite1h),
    output: sum((tokens) => tokens.output),
    reasoning: counts.inner(["output_tokens_details"], (details) => details.get("thinking_tokens")),
    searches: counts.inner(["server_tool_use"], (tools) => tools.get("web_search_requests")),
  };
}
