import type { AnswerContext } from "../wire.ts";

const TOKENS = { use: { input: 1_000_000, output: 1_000_000 }, flags: [], final: true } as const;

/**
 * Whether the model that answers is charged by tokens. Otherwise the amounts that follow from the request (images,
 * characters, seconds) are all that it is charged for, and an answer without usage is complete.
 */
export function pricesTokens({ costUsd }: AnswerContext): boolean {
  const cost = costUsd(TOKENS);
  return cost !== null && Number(cost) > 0;
}
