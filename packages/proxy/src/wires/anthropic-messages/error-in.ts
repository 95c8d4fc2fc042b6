import type { AnswerError } from "../answer-error.ts";
import { type Fields, isFields } from "../fields.ts";
import { namedStatus } from "../named-status.ts";

/** Whether the JSON is an error instead of a response. */
export const isError = ({ type, error }: Fields): boolean => type === "error" || isFields(error);

/** The error with the status of its type, else 500. `body` is the error's JSON. */
export function errorIn({ error }: Fields, body: string): AnswerError {
  return { status: (isFields(error) && namedStatus(error.type)) || 500, body };
}
