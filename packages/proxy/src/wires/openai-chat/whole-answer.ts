import type { Steps } from "../../body/steps.ts";
import type { Fields } from "../fields.ts";
import { openAiTold, withTold } from "../told.ts";
import { readUsage } from "../usage/read-usage.ts";
import { usageCap } from "../usage/usage-cap.ts";
import type { AnswerContext, WholeAnswer } from "../wire.ts";
import { AnswerTally } from "./answer-tally.ts";
import { errorIn, isError } from "./error-in.ts";
import { cites, withUncountedSearch } from "./uncounted-search.ts";
import { chatUsage } from "./usage.ts";

/** Reads a chat completion that is not streamed. `answer` is null if the body is not a JSON object. */
export function wholeAnswer(answer: Fields | null, context: AnswerContext): WholeAnswer {
  const tally = new AnswerTally(context.onText);
  tally.take(answer?.choices, Buffer.byteLength);
  return reportOf(answer, tally, context);
}

export function* readingWholeAnswer(answer: Fields | null, context: AnswerContext): Steps<WholeAnswer> {
  const tally = new AnswerTally(context.onText);
  yield* tally.taking(answer?.choices);
  return reportOf(answer, tally, context);
}

function reportOf(answer: Fields | null, { bytes, isWhole }: AnswerTally, context: AnswerContext): WholeAnswer {
  const reported = answer && chatUsage.find(answer);
  const told = withTold(readUsage(chatUsage.read, reported, usageCap(context)), openAiTold(reported, answer ?? {}));
  const usage = withUncountedSearch(told, cites(answer?.choices), context);
  return {
    isAnswer: Array.isArray(answer?.choices) && answer.choices.length > 0,
    error: answer !== null && isError(answer) ? errorIn(answer, JSON.stringify(answer)) : null,
    report: { usage, deliveredBytes: bytes, finished: true, isWhole },
  };
}
