import { writing } from "../../body/json-text.ts";
import type { Steps } from "../../body/steps.ts";
import type { AnswerError } from "../answer-error.ts";
import type { UsageReport } from "../answer-report.ts";
import type { Fields } from "../fields.ts";
import { errorIn, isError } from "../openai-chat/error-in.ts";
import type { AnswerContext, Answers, WholeAnswer } from "../wire.ts";

/** What a wire reads from an answer that is one JSON object. */
interface Read {
  isAnswer: boolean;
  usage: UsageReport | null;
  /** What an estimate of the output is made from, if the usage is not reported. Default 0. */
  deliveredBytes?: number;
  /** The answer that the client gets. Default: the provider's bytes. */
  rewritten?: object;
}

/** Answers of an operation without streams, small enough to be parsed. */
export function jsonAnswers(read: (answer: Fields, context: AnswerContext) => Read): Answers {
  const taken = (answer: Fields | null, context: AnswerContext) => {
    const {
      isAnswer,
      usage,
      deliveredBytes = 0,
      rewritten,
    }: Read = answer ? read(answer, context) : { isAnswer: false, usage: null };
    const report = { usage, deliveredBytes, finished: true, isWhole: isAnswer };
    return { whole: { isAnswer, error: answer && wholeError(answer), report }, rewritten };
  };
  return {
    stream: noStream,
    whole(answer, context) {
      const { whole, rewritten } = taken(answer, context);
      return rewritten ? { ...whole, body: Buffer.from(JSON.stringify(rewritten)) } : whole;
    },
    *readingWhole(answer, context): Steps<WholeAnswer> {
      const { whole, rewritten } = taken(answer, context);
      const pieces: Buffer[] = [];
      if (rewritten) yield* writing(rewritten, (piece) => pieces.push(Buffer.from(piece)));
      return rewritten ? { ...whole, body: Buffer.concat(pieces) } : whole;
    },
    forRepeats: (body) => body,
  };
}

/** An error that a provider sent with status 200. */
export const wholeError = (answer: Fields): AnswerError | null =>
  isError(answer) ? errorIn(answer, JSON.stringify(answer)) : null;

/** Never called: `read` of such a wire never asks for a stream. */
const noStream = (): never => {
  throw new Error("this operation has no streams");
};
