import type { AnswerError } from "../answer-error.ts";
import { type Fields, isFields } from "../fields.ts";

const STATUSES: Readonly<Record<string, number>> = {
  invalid_request_error: 400,
  authentication_error: 401,
  billing_error: 402,
  permission_error: 403,
  not_found_error: 404,
  request_too_large: 413,
  rate_limit_error: 429,
  timeout_error: 504,
  overloaded_error: 529,
};

/** Whether the JSON is an error instead of a response. */
export const isError = ({ type, error }: Fields): boolean => type === "error" || isFields(error);

/** The error with the status of its type, else 500. `body` is the error's JSON. */
export function errorIn({ error }: Fields, body: string): AnswerError {
  const type = isFields(error) && typeof error.type === "string" ? error.type : "";
  return { status: STATUSES[type] ?? 500, body };
}
