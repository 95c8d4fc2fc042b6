import type { Use } from "@tollgate/contracts/usage-event";
import type { Counts } from "../usage/counts.ts";

/**
 * What is billed. `tokens` also has those of Cohere's own instructions, which are free; it counts only for a model without
 * billed units. Tokens read from a cache are a part of `tokens`, and have no price of their own.
 */
export function cohereChatUsage(counts: Counts): Use | null {
  const read = (units: Counts): Use | null =>
    units.has("input_tokens") || units.has("output_tokens")
      ? { input: units.get("input_tokens"), output: units.get("output_tokens") }
      : null;
  return counts.inner(["billed_units"], read) ?? counts.inner(["tokens"], read);
}
