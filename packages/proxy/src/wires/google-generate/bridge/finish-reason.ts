import type { LanguageModelV4FinishReason } from "@ai-sdk/provider";

/** Reasons that the provider package does not know, and what they mean. */
const REASONS: Readonly<Record<string, LanguageModelV4FinishReason["unified"]>> = {
  MODEL_ARMOR: "content-filter",
  LANGUAGE: "content-filter",
  IMAGE_PROHIBITED_CONTENT: "content-filter",
  IMAGE_RECITATION: "content-filter",
  IMAGE_OTHER: "content-filter",
  MALFORMED_RESPONSE: "error",
  MISSING_THOUGHT_SIGNATURE: "error",
  UNEXPECTED_TOOL_CALL: "error",
  TOO_MANY_TOOL_CALLS: "error",
};

export function googleFinishReason(reason: LanguageModelV4FinishReason): LanguageModelV4FinishReason {
  const unified = reason.raw === undefined ? undefined : REASONS[reason.raw];
  return unified ? { ...reason, unified } : reason;
}
