import type { AnswerContext } from "../wire.ts";
import type { UsageCap } from "./within-bounds.ts";

/** What a provider may add to a prompt on its own: instructions, tools, what it found when it searched. */
const ADDED_TOKENS_MAX = 100_000;

/** What a provider's report of use may not exceed: what was sent and what was asked for. */
export function usageCap({ asked, maxOutputTokens, promptTokensMax }: AnswerContext): UsageCap {
  const each = maxOutputTokens ?? asked.maxOutputTokens;
  return { inputTokens: promptTokensMax + ADDED_TOKENS_MAX, outputTokens: each && each * asked.choices };
}
