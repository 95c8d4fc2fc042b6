import type { AnswerError } from "../answer-error.ts";
import { type Fields, isFields } from "../fields.ts";

/** Error codes about the request, by their beginning. They have no status in a stream. */
const REQUEST =
  /^(?:invalid_|image_|unsupported_|empty_image|failed_to_download|context_length|content_policy|string_|missing_)/;
const QUOTA = new Set<unknown>(["rate_limit_exceeded", "insufficient_quota", "billing_hard_limit_reached"]);

/** The error of an `error` event, or of a response that failed, as an error body of the API. */
export function errorOf(source: Fields): AnswerError {
  const { code = null, message = null, param = null, type = null } = isFields(source.error) ? source.error : source;
  const status = QUOTA.has(code) ? 429 : REQUEST.test(String(code ?? type)) ? 400 : 500;
  return { status, body: JSON.stringify({ error: { code, message, param, type } }) };
}
