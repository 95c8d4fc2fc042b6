import type { LanguageModelV4FinishReason } from "@ai-sdk/provider";

export type StopReason = "end_turn" | "max_tokens" | "tool_use" | "refusal" | Own;

/** Reasons that other formats do not have. A provider of Anthropic's models may give them too. */
type Own = "stop_sequence" | "model_context_window_exceeded";

const REASONS: Readonly<Partial<Record<LanguageModelV4FinishReason["unified"], StopReason>>> = {
  stop: "end_turn",
  length: "max_tokens",
  "tool-calls": "tool_use",
  "content-filter": "refusal",
};

/**
 * Null: the provider gave no reason, or reported an error. Some providers end with `stop` after tool calls; clients run
 * tools only after `tool_use`.
 */
export function stopReasonOf({ unified, raw }: LanguageModelV4FinishReason, hasCalls: boolean): StopReason | null {
  if (raw === "stop_sequence" && unified === "stop" && !hasCalls) return raw;
  if (raw === "model_context_window_exceeded" && unified === "length") return raw;
  const reason = REASONS[unified] ?? (unified === "other" && raw ? "end_turn" : null);
  return reason === "end_turn" && hasCalls ? "tool_use" : reason;
}

/** False if the response was cut by a limit or refused. */
export const isWholeStop = (reason: StopReason): boolean =>
  reason === "end_turn" || reason === "tool_use" || reason === "stop_sequence";
