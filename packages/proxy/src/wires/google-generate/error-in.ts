import type { AnswerError } from "../answer-error.ts";
import { type Fields, isFields } from "../fields.ts";

const STATUSES: Readonly<Record<string, number>> = {
  INVALID_ARGUMENT: 400,
  FAILED_PRECONDITION: 400,
  UNAUTHENTICATED: 401,
  PERMISSION_DENIED: 403,
  NOT_FOUND: 404,
  RESOURCE_EXHAUSTED: 429,
  UNAVAILABLE: 503,
  DEADLINE_EXCEEDED: 504,
};

/** Whether the JSON is an error instead of a response. */
export const isError = ({ error }: Fields): boolean => isFields(error) || (typeof error === "string" && error !== "");

/** The error with its own status, else that of its name, else 500. `body` is the error's JSON. */
export function errorIn({ error }: Fields, body: string): AnswerError {
  const { code, status } = isFields(error) ? error : {};
  const isStatus = typeof code === "number" && code >= 400 && code <= 599;
  return { status: isStatus ? code : (STATUSES[String(status)] ?? 500), body };
}
