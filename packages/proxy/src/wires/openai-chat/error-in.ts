import { type Fields, isFields } from "../fields.ts";
import type { AnswerError } from "../wire.ts";

/** An error that came where an answer was due. Providers put it under `error`, or say what the object is. */
export const isError = (json: Fields): boolean =>
  (typeof json.error === "object" && json.error !== null) ||
  (typeof json.error === "string" && json.error !== "") ||
  json.object === "error" ||
  json.type === "error";

/** By the status it names, else 500. `body` is its JSON. */
export function errorIn(json: Fields, body: string): AnswerError {
  const error = isFields(json.error) ? json.error : json;
  const named = [error.code, error.status, error.status_code, json.code, json.status_code].map(Number);
  return { status: named.find((each) => each >= 400 && each < 600) ?? 500, body };
}
