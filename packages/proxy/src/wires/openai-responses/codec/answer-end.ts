import type { LanguageModelV4FinishReason } from "@ai-sdk/provider";

/** How a response ends. */
export interface AnswerEnd {
  status: "completed" | "incomplete";
  incomplete_details: { reason: "max_output_tokens" | "content_filter" } | null;
}

const COMPLETED: AnswerEnd = { status: "completed", incomplete_details: null };
const incomplete = (reason: "max_output_tokens" | "content_filter"): AnswerEnd => ({
  status: "incomplete",
  incomplete_details: { reason },
});

const ENDS: Readonly<Partial<Record<LanguageModelV4FinishReason["unified"], AnswerEnd>>> = {
  stop: COMPLETED,
  "tool-calls": COMPLETED,
  length: incomplete("max_output_tokens"),
  "content-filter": incomplete("content_filter"),
};

/**
 * Null: the provider gave no finish reason, or reported an error. A reason that the AI SDK does not know (`other` with a
 * raw value) completes the response.
 */
export const answerEnd = ({ unified, raw }: LanguageModelV4FinishReason): AnswerEnd | null =>
  ENDS[unified] ?? (unified === "other" && raw !== undefined ? COMPLETED : null);
