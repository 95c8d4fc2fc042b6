import type { LanguageModelV4StreamPart } from "@ai-sdk/provider";
import type { AnswerError } from "../answer-error.ts";
import { isFields } from "../fields.ts";
import { codeOf, statusOf } from "./exceptions.ts";

/** The exception that a stream ends with, by its event as it came. The provider package knows only some of them. */
export function errorIn(part: LanguageModelV4StreamPart): AnswerError | undefined {
  if (part.type !== "raw" || !isFields(part.rawValue)) return undefined;
  for (const [name, value] of Object.entries(part.rawValue)) {
    if (!name.endsWith("Exception")) continue;
    const { message } = isFields(value) ? value : {};
    return { status: statusOf(name), body: JSON.stringify({ error: { type: codeOf(name), message } }) };
  }
  return undefined;
}
