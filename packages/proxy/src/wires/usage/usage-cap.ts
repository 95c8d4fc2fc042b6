import type { AnswerContext } from "../wire.ts";
import type { UsageCap } from "./within-bounds.ts";

/** Tokens that a provider may add to a prompt: instructions, tools, search results. */
const ADDED_TOKENS_MAX = 100_000;

/** The most usage that a provider can plausibly report, from what was sent and what was asked for. */
export function usageCap({ asked, maxOutputTokens, promptTokensMax }: AnswerContext): UsageCap {
  const each = maxOutputTokens ?? asked.maxOutputTokens;
  return { inputTokens: promptTokensMax + ADDED_TOKENS_MAX, outputTokens: each && each * asked.choices };
}
