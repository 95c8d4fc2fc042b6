import type { Steps } from "../../body/steps.ts";
import { type Fields, isFields } from "../fields.ts";
import type { AnswerContext, WholeAnswer } from "../wire.ts";
import { errorOf } from "./response-error.ts";
import { ResponseTally } from "./response-tally.ts";
import { usageOf } from "./usage.ts";

/** Reads a response that is not streamed. `answer` is null if the body is not a JSON object. */
export function wholeResponse(answer: Fields | null, context: AnswerContext): WholeAnswer {
  const tally = new ResponseTally(context.onText);
  tally.output(answer?.output, Buffer.byteLength);
  return reportOf(answer, tally, context);
}

export function* readingWholeResponse(answer: Fields | null, context: AnswerContext): Steps<WholeAnswer> {
  const tally = new ResponseTally(context.onText);
  for (const [index, item] of Array.isArray(answer?.output) ? answer.output.entries() : []) {
    tally.itemDone({ item, output_index: index }, Buffer.byteLength);
    yield;
  }
  return reportOf(answer, tally, context);
}

function reportOf(answer: Fields | null, tally: ResponseTally, context: AnswerContext): WholeAnswer {
  const { bytes, searches, isRefused } = tally;
  const usage = answer && usageOf(answer, searches, context);
  const isError = answer !== null && (isFields(answer.error) || answer.status === "failed");
  return {
    isAnswer: answer !== null && Array.isArray(answer.output),
    error: isError ? errorOf(answer) : null,
    report: {
      usage,
      deliveredBytes: bytes,
      finished: true,
      isWhole: answer?.status === "completed" && !isRefused && bytes > 0,
    },
  };
}
