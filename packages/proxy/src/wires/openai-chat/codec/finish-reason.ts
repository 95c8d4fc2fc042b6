import type { LanguageModelV4FinishReason } from "@ai-sdk/provider";

export type ChatFinishReason = "stop" | "length" | "tool_calls" | "content_filter";

const REASONS: Readonly<Partial<Record<LanguageModelV4FinishReason["unified"], ChatFinishReason>>> = {
  stop: "stop",
  length: "length",
  "tool-calls": "tool_calls",
  "content-filter": "content_filter",
};

/**
 * Null: the provider gave no finish reason, or reported an error. A reason that the AI SDK does not know (`other` with
 * a raw value that is not empty) becomes `stop`.
 */
export function chatFinishReason({ unified, raw }: LanguageModelV4FinishReason): ChatFinishReason | null {
  return REASONS[unified] ?? (unified === "other" && raw ? "stop" : null);
}
