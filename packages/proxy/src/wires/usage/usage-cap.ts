import type { AnswerContext } from "../wire.ts";
import type { UsageCap } from "./within-bounds.ts";

/** Tokens that a provider may add to a prompt: instructions, tools, search results. */
const ADDED_TOKENS_MAX = 100_000;

/**
 * The most usage that the model can have, and the most that is expected from what was sent and what was asked for. A report
 * between the two is charged as it is, and flagged. A model that runs tools may read its context several times.
 */
export function usageCap({ asked, maxOutputTokens, promptTokensMax, modelLimits }: AnswerContext): UsageCap {
  const each = maxOutputTokens ?? asked.maxOutputTokens;
  const { contextTokens = null, outputTokens = null, rounds = 1 } = modelLimits ?? {};
  return {
    inputTokens: contextTokens && contextTokens * rounds,
    outputTokens: outputTokens && outputTokens * asked.choices * rounds,
    expectedInput: promptTokensMax + ADDED_TOKENS_MAX,
    expectedOutput: each && each * asked.choices,
  };
}
