import type { LanguageModelV4FinishReason } from "@ai-sdk/provider";

export type ChatFinishReason = "stop" | "length" | "tool_calls" | "content_filter";

const REASONS: Readonly<Partial<Record<LanguageModelV4FinishReason["unified"], ChatFinishReason>>> = {
  stop: "stop",
  length: "length",
  "tool-calls": "tool_calls",
  "content-filter": "content_filter",
};

/**
 * Null: the provider never said how its answer ends, or said that it failed. A reason is never invented, but one that
 * only the provider has a word for is the ordinary end.
 */
export function chatFinishReason({ unified, raw }: LanguageModelV4FinishReason): ChatFinishReason | null {
  return REASONS[unified] ?? (unified === "other" && raw !== undefined ? "stop" : null);
}
