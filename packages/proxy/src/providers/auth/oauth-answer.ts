import { scrubbedText } from "../scrubbed.ts";
import type { Exchanged } from "./auth.ts";
import { TokenFault, type TokenFaultKind } from "./token-fault.ts";
import type { TokenAnswer } from "./token-post.ts";

const TOKEN = /^[!-~]{1,16384}$/;
const LIFETIME_MS_DEFAULT = 300_000;
const LIFETIME_MS_MAX = 24 * 3_600_000;
const REASON_CHARS_MAX = 500;

/** What the texts of a refusal mean; the first that matches counts. */
export type Reasons = readonly (readonly [TokenFaultKind, RegExp])[];

interface OAuthContext {
  /** Named in the log. */
  url: string;
  /** Removed from the reason of a refusal. */
  secret: string;
  reasons: Reasons;
}

/** Reads the answer of an OAuth token endpoint. Throws `TokenFault`. */
export function tokenIn({ status, body }: TokenAnswer, { url, secret, reasons }: OAuthContext): Exchanged {
  const answer = parsed(body);
  const { host } = new URL(url);
  if (status >= 200 && status < 300) {
    const { access_token: token, expires_in: seconds } = answer;
    if (typeof token === "string" && TOKEN.test(token))
      return { fields: { secret: token }, lifetimeMs: lifetime(seconds) };
    throw new TokenFault("invalid", `${host}: the answer contains no token`, status);
  }
  const { error, error_description: description } = answer;
  const texts = [error, description].filter((text): text is string => typeof text === "string");
  const reason = scrubbedText(texts.join(": ").slice(0, REASON_CHARS_MAX + secret.length), secret).slice(
    0,
    REASON_CHARS_MAX,
  );
  const isRefusal = status >= 400 && status < 500 && status !== 408 && status !== 429;
  const kind = isRefusal ? (reasons.find(([, text]) => text.test(reason))?.[0] ?? "refused") : "unreachable";
  throw new TokenFault(kind, `${host}: ${status} ${reason || "without a reason"}`, status);
}

/** Some endpoints send the seconds as text. */
function lifetime(seconds: unknown): number {
  const ms = Number(seconds ?? Number.NaN) * 1_000;
  return Number.isNaN(ms) ? LIFETIME_MS_DEFAULT : Math.min(Math.max(ms, 0), LIFETIME_MS_MAX);
}

function parsed(body: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

export const FORM = ["content-type", "application/x-www-form-urlencoded", "accept", "application/json"];
