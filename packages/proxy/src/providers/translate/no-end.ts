import type { LanguageModelV4FinishReason } from "@ai-sdk/provider";
import type { Failure } from "../adapter.ts";
import { badAnswer } from "../failure.ts";

/**
 * The provider ended without a usable finish reason. If it sent one (such as a malformed function call), the call is
 * not retried, because the provider would charge again.
 */
export const noEnd = ({ unified, raw }: LanguageModelV4FinishReason): Failure => ({
  ...badAnswer(200, `no usable finish reason (${unified}, ${raw})`),
  isRetryable: raw === undefined,
});
