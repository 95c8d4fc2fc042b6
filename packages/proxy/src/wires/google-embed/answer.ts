import { LARGE_BYTES } from "../../body/steps.ts";
import { type Fields, isFields } from "../fields.ts";
import { jsonAnswers, wholeError } from "../plain/json-answers.ts";
import { fieldsAtEnd } from "../plain/usage-at-end.ts";
import { readUsage, type UsageReader } from "../usage/read-usage.ts";
import { usageCap } from "../usage/usage-cap.ts";
import type { AnswerContext, Answers } from "../wire.ts";

const USAGE = "usageMetadata";

/** Older models report no usage. */
export const googleEmbedUsage: UsageReader = {
  find: (answer) => answer[USAGE],
  read: (counts) => (counts.has("promptTokenCount") ? { input: counts.get("promptTokenCount"), output: 0 } : null),
};

const read = (answer: Fields, context: AnswerContext) => ({
  isAnswer: Array.isArray(answer.embeddings) || isFields(answer.embedding),
  usage: readUsage(googleEmbedUsage.read, googleEmbedUsage.find(answer), usageCap(context)),
});

const parsed = jsonAnswers(read);

/** Reads the usage of embeddings. The vectors pass to the client without being parsed. */
export const googleEmbedAnswers: Answers = {
  ...parsed,
  *readingBytes(body, context) {
    const fields = yield* fieldsAtEnd(body, USAGE);
    if (body.length <= LARGE_BYTES || !fields) return parsed.whole(fields, context);
    const { usage } = read(fields, context);
    return {
      isAnswer: true,
      error: wholeError(fields),
      report: { usage, deliveredBytes: 0, finished: true, isWhole: usage !== null },
    };
  },
};
