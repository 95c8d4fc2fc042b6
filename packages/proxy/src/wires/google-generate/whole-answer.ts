import type { Steps } from "../../body/steps.ts";
import { type Fields, isFields } from "../fields.ts";
import { withTold } from "../told.ts";
import { readUsage } from "../usage/read-usage.ts";
import { usageCap } from "../usage/usage-cap.ts";
import type { AnswerContext, WholeAnswer } from "../wire.ts";
import { AnswerTally } from "./answer-tally.ts";
import { errorIn, isError } from "./error-in.ts";
import { generateUsage, googleTold, withSearches } from "./usage.ts";

/** Reads a response that is not streamed. `answer` is null if the body is not a JSON object. */
export function wholeGenerated(answer: Fields | null, context: AnswerContext): WholeAnswer {
  const tally = new AnswerTally(context.onText);
  if (answer) tally.take(answer, Buffer.byteLength);
  return reportOf(answer, tally, context);
}

export function* readingWholeGenerated(answer: Fields | null, context: AnswerContext): Steps<WholeAnswer> {
  const tally = new AnswerTally(context.onText);
  if (answer) yield* tally.taking(answer);
  return reportOf(answer, tally, context);
}

function reportOf(answer: Fields | null, tally: AnswerTally, context: AnswerContext): WholeAnswer {
  const reported = answer && generateUsage.find(answer);
  const usage = readUsage(generateUsage.read, reported, usageCap(context));
  const read = withTold(usage, googleTold(isFields(reported) ? reported : {}, answer ?? {}));
  return {
    isAnswer: tally.hasBegun || tally.hasEnd,
    error: answer !== null && isError(answer) ? errorIn(answer, JSON.stringify(answer)) : null,
    report: {
      usage: read && withSearches(read, tally.searches),
      deliveredBytes: tally.bytes,
      finished: true,
      isWhole: tally.isWhole,
    },
  };
}
