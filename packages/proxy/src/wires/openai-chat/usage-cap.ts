import type { AdapterCall } from "../../providers/adapter.ts";
import type { UsageCap } from "../usage/read-usage.ts";

/** What a provider may add to a prompt of its own accord: instructions, tools, what it found when it searched. */
const ADDED_TOKENS_MAX = 100_000;

const count = (value: unknown): number | null => (typeof value === "number" ? value : null);

/** What a provider's report of use may not exceed: what was sent and what was asked for. */
export function usageCap({ body, maxOutputTokens, promptTokensMax }: AdapterCall): UsageCap {
  const each = maxOutputTokens ?? count(body.max_completion_tokens) ?? count(body.max_tokens);
  return { inputTokens: promptTokensMax + ADDED_TOKENS_MAX, outputTokens: each && each * (count(body.n) ?? 1) };
}
