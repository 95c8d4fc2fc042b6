import { isFields } from "../fields.ts";
import { openAiTokens, type TokenLogprob } from "../logprobs.ts";

/** The log probabilities of the first choice of an answer or a chunk. */
export function chatTokens(answer: unknown): TokenLogprob[] {
  const choice: unknown = isFields(answer) && Array.isArray(answer.choices) ? answer.choices[0] : undefined;
  return isFields(choice) && isFields(choice.logprobs) ? openAiTokens(choice.logprobs.content) : [];
}
