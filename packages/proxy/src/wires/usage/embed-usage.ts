import type { Use } from "@tollgate/contracts/usage-event";
import type { Counts } from "./counts.ts";

/** Usage of a call that has input tokens only: OpenAI, and providers that report only `total_tokens`. */
export function embedUsage(counts: Counts): Use | null {
  if (!counts.has("prompt_tokens") && !counts.has("input_tokens") && !counts.has("total_tokens")) return null;
  return { input: counts.get("prompt_tokens", "input_tokens", "total_tokens"), output: 0 };
}
