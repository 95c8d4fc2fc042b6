import { type Blamed, blameOf } from "./blame.ts";
import { scrubbedText } from "./scrubbed.ts";

/** The content of an error body, for all API families. */
export interface ProviderError {
  /** Error text without the credential's secret. Null: the body has none. The body itself is never shown. */
  message: string | null;
  param: string | undefined;
  /** The provider's code. */
  code: string | undefined;
  /** What the model wrote that the provider could not read as a tool call. */
  failedGeneration: string | undefined;
  /** What the error is about, as far as its text and codes say. */
  blamed: Blamed;
  isContextLength: boolean;
  /** The content of the request is refused. */
  isContentRefusal: boolean;
}

const MESSAGE_CHARS_MAX = 2_000;
const PARAM_CHARS_MAX = 1_000;
const PATH_PARTS_MAX = 10;
const CODE = /^[\w.-]{1,64}$/;
const CONTEXT_LENGTH =
  /context[ _]length|context window|prompt is too long|maximum context|input token count.*exceeds|input is too long for/i;

const CONTENT_CODES = new Set(["content_filter", "content_policy_violation", "ResponsibleAIPolicyViolation"]);
const CONTENT = /^[^'"`]*(?:content (?:filtering|management) policy|content policy|safety system|usage policies)/i;

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;
const text = (value: unknown): string | undefined => (typeof value === "string" && value !== "" ? value : undefined);

/**
 * OpenAI, Anthropic and Google send `{error: {message, …}}`. Others send `message` or `detail` at the top level, as text or
 * as a list, ElevenLabs as an object. AWS sends the code in a header, and some of its services write `Message`. Deepgram
 * writes `err_msg`.
 */
export function readProviderError(status: number, body: string, secret: string, awsCode?: string): ProviderError {
  const parsed = parse(body);
  const error = isObject(parsed.error) ? parsed.error : parsed;
  const nested = isObject(parsed.detail) && !Array.isArray(parsed.detail) ? parsed.detail : {};
  const given = [error.code, error.type, error.status, awsCode, error.__type, nested.status, parsed.err_code];
  const codes = given.flatMap((code) => text(code) ?? []).map(withoutNamespace);
  // The secret is removed before a text is cut. Otherwise the cut could leave a part of the secret.
  const shown = (given: string | undefined): string | undefined =>
    given && scrubbedText(given.slice(0, MESSAGE_CHARS_MAX + secret.length), secret).slice(0, MESSAGE_CHARS_MAX);
  const detail = detailIn(parsed.detail) ?? (isObject(parsed.message) ? detailIn(parsed.message.detail) : undefined);
  const texts = [
    error.message,
    parsed.error,
    parsed.message,
    parsed.detail,
    parsed.Message,
    nested.message,
    parsed.err_msg,
  ];
  const raw = texts.map(text).find((each) => each !== undefined) ?? detail?.message;
  const message = shown(raw);
  return {
    message: message ?? null,
    param: (text(error.param) ?? detail?.param)?.slice(0, PARAM_CHARS_MAX),
    code: shown(codes.find((code) => CODE.test(code))),
    failedGeneration: shown(text(error.failed_generation)),
    blamed: blameOf({ status, codes: [...codes, ...reasonsIn(error.details)], message: message ?? "" }),
    isContentRefusal: codes.some((code) => CONTENT_CODES.has(code)) || CONTENT.test(message ?? ""),
    isContextLength: codes.includes("context_length_exceeded") || CONTEXT_LENGTH.test(message ?? ""),
  };
}

/** FastAPI, and servers built with it, name each wrong field in a list. The first one is shown. */
function detailIn(details: unknown): { message: string; param: string } | undefined {
  const detail: unknown = Array.isArray(details) ? details[0] : undefined;
  if (!isObject(detail) || typeof detail.msg !== "string" || !Array.isArray(detail.loc)) return undefined;
  const param = detail.loc.slice(detail.loc[0] === "body" ? 1 : 0, PATH_PARTS_MAX).join(".");
  return { param, message: `${param}: ${detail.msg}` };
}

/** AWS writes `name#code` in a body and `code:url` in a header. */
const withoutNamespace = (code: string): string => code.replace(/^[\w.]+#/, "").replace(/:https?:.*$/, "");

/** Google names the reason of an error in its details. */
const reasonsIn = (details: unknown): string[] =>
  Array.isArray(details) ? details.flatMap((detail) => (isObject(detail) ? (text(detail.reason) ?? []) : [])) : [];

function parse(body: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(body);
    const first = Array.isArray(value) ? value[0] : value;
    return isObject(first) ? first : {};
  } catch {
    return {};
  }
}
