import type { AnswerError } from "./answer-error.ts";
import { isFields } from "./fields.ts";
import { namedStatus } from "./named-status.ts";

/** An error that a provider sent instead of a response, in any API family. Null: the body is none. */
export function errorWithin(body: string): AnswerError | null {
  try {
    const json: unknown = JSON.parse(body);
    if (!isFields(json) || !isFields(json.error)) return null;
    const { code, status, type } = json.error;
    const numbers = [code, status].map(Number);
    const found = numbers.find((each) => each >= 400 && each < 600) ?? namedStatus(code, status, type);
    return { status: found ?? 500, body };
  } catch {
    return null;
  }
}
