import type { AnswerError } from "../answer-error.ts";
import { type Fields, isFields } from "../fields.ts";
import { namedStatus } from "../named-status.ts";

/** The first choice, if it is an error instead of an answer. Null: it is not. */
function choiceError({ choices }: Fields): Fields | null {
  const [choice] = Array.isArray(choices) ? choices : [];
  if (!isFields(choice)) return null;
  return isFields(choice.error) || choice.finish_reason === "error" ? choice : null;
}

/**
 * Whether the JSON is an error instead of a response. Providers use the field `error`, or `object` or `type` "error".
 */
export const isError = (json: Fields): boolean =>
  (typeof json.error === "object" && json.error !== null) ||
  (typeof json.error === "string" && json.error !== "") ||
  json.object === "error" ||
  json.type === "error" ||
  choiceError(json) !== null;

/** The error with the status it contains, else that of its code or type, else 500. `body` is the error's JSON. */
export function errorIn(json: Fields, body: string): AnswerError {
  const choice = choiceError(json);
  if (choice && !isFields(json.error)) return errorIn({ error: choice.error ?? {} }, JSON.stringify(choice));
  const error = isFields(json.error) ? json.error : json;
  const named = [error.code, error.status, error.status_code, json.code, json.status_code].map(Number);
  const status = named.find((each) => each >= 400 && each < 600) ?? namedStatus(error.code, error.type);
  return { status: status ?? 500, body };
}
