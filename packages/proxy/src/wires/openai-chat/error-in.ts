import type { Failure } from "../../providers/adapter.ts";
import { failureOfStatus } from "../../providers/failure.ts";

type Json = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Json => typeof value === "object" && value !== null;

/** An error that came where an answer was due. Providers put it under `error`, or say what the object is. */
export const isError = (json: Json): boolean =>
  isObject(json.error) ||
  (typeof json.error === "string" && json.error !== "") ||
  json.object === "error" ||
  json.type === "error";

/** Its failure: by the status it names, else 500. `text` is its JSON. */
export function failureOfError(json: Json, text: string, secret: string): Failure {
  const error = isObject(json.error) ? json.error : json;
  const named = [error.code, error.status, error.status_code, json.code, json.status_code].map(Number);
  const status = named.find((each) => each >= 400 && each < 600) ?? 500;
  return failureOfStatus({ status, headers: {}, body: text, secret });
}
