import { type Fields, isFields } from "../fields.ts";
import { openAiTokens, type TokenLogprob } from "../logprobs.ts";

const objects = (list: unknown): Fields[] => (Array.isArray(list) ? list.filter(isFields) : []);

/** The log probabilities of a response, or of an event with a piece of its text. */
export function responseTokens(answer: unknown): TokenLogprob[] {
  if (!isFields(answer)) return [];
  if (answer.type === "response.output_text.delta") return openAiTokens(answer.logprobs);
  const parts = objects(answer.output).flatMap(({ content }) => objects(content));
  return parts.flatMap(({ logprobs }) => openAiTokens(logprobs));
}
