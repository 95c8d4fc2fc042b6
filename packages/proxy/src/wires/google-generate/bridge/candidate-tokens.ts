import { isFields } from "../../fields.ts";
import { googleTokens, type TokenLogprob } from "../../logprobs.ts";

/** The log probabilities of the first candidate of an answer or a chunk. */
export function candidateTokens(answer: unknown): TokenLogprob[] {
  const candidate: unknown = isFields(answer) && Array.isArray(answer.candidates) ? answer.candidates[0] : undefined;
  return isFields(candidate) ? googleTokens(candidate.logprobsResult) : [];
}
