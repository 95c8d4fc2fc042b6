import { LARGE_BYTES } from "../../body/steps.ts";
import { type Fields, isFields } from "../fields.ts";
import { jsonAnswers, wholeError } from "../plain/json-answers.ts";
import { fieldsAtEnd } from "../plain/usage-at-end.ts";
import { embedUsage } from "../usage/embed-usage.ts";
import { readUsage } from "../usage/read-usage.ts";
import { usageCap } from "../usage/usage-cap.ts";
import type { AnswerContext, Answers } from "../wire.ts";

const read = (answer: Fields, context: AnswerContext) => ({
  isAnswer: Array.isArray(answer.data),
  usage: readUsage(embedUsage, isFields(answer.usage) ? answer.usage : null, usageCap(context)),
});

const parsed = jsonAnswers(read);

/** Reads the usage of embeddings. The vectors pass to the client without being parsed. */
export const embedAnswers: Answers = {
  ...parsed,
  *readingBytes(body, context) {
    const fields = yield* fieldsAtEnd(body);
    if (body.length <= LARGE_BYTES || !fields) return parsed.whole(fields, context);
    const { usage } = read(fields, context);
    return {
      isAnswer: true,
      error: wholeError(fields),
      report: { usage, deliveredBytes: 0, finished: true, isWhole: usage !== null },
    };
  },
};
