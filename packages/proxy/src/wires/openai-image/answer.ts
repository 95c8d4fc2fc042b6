import { LARGE_BYTES } from "../../body/steps.ts";
import type { UsageReport } from "../answer-report.ts";
import { type Fields, fieldsOf, isFields } from "../fields.ts";
import { jsonAnswers, wholeError } from "../plain/json-answers.ts";
import { fieldsAtEnd } from "../plain/usage-at-end.ts";
import { pricesTokens } from "../usage/prices-tokens.ts";
import { readUsage } from "../usage/read-usage.ts";
import { usageCap } from "../usage/usage-cap.ts";
import type { AnswerContext, Answers } from "../wire.ts";
import { gradeOf } from "./grade.ts";
import { ImageStreamAnswer } from "./stream-answer.ts";
import { imageUsage } from "./usage.ts";

/**
 * The usage of `images` images. A model that is charged by tokens reports them. If it does not, its usage is unknown.
 */
export function usageOfImages(usage: unknown, images: number, context: AnswerContext): UsageReport | null {
  const reported = readUsage(imageUsage, isFields(usage) ? usage : null, usageCap(context));
  if (!reported && pricesTokens(context)) return null;
  const grade = gradeOf(fieldsOf(context.body));
  const graded = grade === null || grade === "images" ? {} : { [grade]: images };
  const tokens = reported?.use ?? { input: 0, output: 0 };
  return { flags: [], final: true, ...reported, use: { ...tokens, images, ...graded } };
}

/** Unreported tokens are charged as the most that they can be: four bytes for each. */
export const bytesOfImages = ({ asked }: AnswerContext): number => 4 * (asked.maxOutputTokens ?? 0) * asked.choices;

const parsed = jsonAnswers(({ data, usage }, context) => ({
  isAnswer: Array.isArray(data),
  usage: usageOfImages(usage, Array.isArray(data) ? data.length : 0, context),
  deliveredBytes: bytesOfImages(context),
}));

/** Reads the usage of images. Their base64 passes to the client without being parsed. */
export const imageAnswers: Answers = {
  ...parsed,
  stream: (context) => new ImageStreamAnswer(context, usageOfImages, bytesOfImages(context)),
  *readingBytes(body, context) {
    const fields: Fields | null = yield* fieldsAtEnd(body);
    if (body.length <= LARGE_BYTES || !fields) return parsed.whole(fields, context);
    // All images that were asked for are in a large answer.
    const usage = usageOfImages(fields.usage, context.asked.choices, context);
    return {
      isAnswer: true,
      error: wholeError(fields),
      report: { usage, deliveredBytes: bytesOfImages(context), finished: true, isWhole: false },
    };
  },
};
