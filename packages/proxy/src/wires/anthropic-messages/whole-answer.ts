import type { Steps } from "../../body/steps.ts";
import { type Fields, isFields } from "../fields.ts";
import { withTold } from "../told.ts";
import { readUsage } from "../usage/read-usage.ts";
import { usageCap } from "../usage/usage-cap.ts";
import type { AnswerContext, WholeAnswer } from "../wire.ts";
import { AnswerTally } from "./answer-tally.ts";
import { errorIn, isError } from "./error-in.ts";
import { messagesTold, messagesUsage } from "./usage.ts";

/** Reads a message that is not streamed. `answer` is null if the body is not a JSON object. */
export function wholeMessage(answer: Fields | null, context: AnswerContext): WholeAnswer {
  const tally = new AnswerTally(context.onText);
  const content = Array.isArray(answer?.content) ? answer.content : [];
  for (let index = 0; index < content.length; index++) tally.take(index, content[index], Buffer.byteLength);
  return reportOf(answer, tally, context);
}

export function* readingWholeMessage(answer: Fields | null, context: AnswerContext): Steps<WholeAnswer> {
  const tally = new AnswerTally(context.onText);
  yield* tally.taking(answer?.content);
  return reportOf(answer, tally, context);
}

function reportOf(answer: Fields | null, tally: AnswerTally, context: AnswerContext): WholeAnswer {
  tally.stop(answer?.stop_reason);
  const reported = answer && messagesUsage.find(answer);
  const read = readUsage(messagesUsage.read, reported, usageCap(context));
  const usage = withTold(read, messagesTold(isFields(reported) ? reported : {}, answer?.model));
  return {
    isAnswer: answer !== null && Array.isArray(answer.content),
    error: answer !== null && isError(answer) ? errorIn(answer, JSON.stringify(answer)) : null,
    report: { usage, deliveredBytes: tally.bytes, finished: true, isWhole: tally.isWhole },
  };
}
