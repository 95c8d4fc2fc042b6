import type { LanguageModelV4FinishReason } from "@ai-sdk/provider";

export type FinishReason = "STOP" | "MAX_TOKENS" | "SAFETY" | "OTHER";

/** Google has no reason of its own for a call of a function. */
const REASONS: Readonly<Partial<Record<LanguageModelV4FinishReason["unified"], FinishReason>>> = {
  stop: "STOP",
  "tool-calls": "STOP",
  length: "MAX_TOKENS",
  "content-filter": "SAFETY",
};

/** Null: the provider gave no reason, or reported an error. */
export const finishReasonOf = ({ unified, raw }: LanguageModelV4FinishReason): FinishReason | null =>
  REASONS[unified] ?? (unified === "other" && raw ? "OTHER" : null);
