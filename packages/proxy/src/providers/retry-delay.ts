type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** A refusal, as far as it can say when to try again. */
export interface Refusal {
  /** Lower-case names. */
  headers: Headers;
  body: string;
  /** The error's text; null: none. */
  message: string | null;
}

/**
 * Milliseconds after which the provider wants to be asked again, at least 0. Null: it does not say. In order: the headers
 * made for it, the body's field or text, and the end of a window of which nothing remains.
 */
export function retryDelayMs({ headers, body, message }: Refusal): number | null {
  return ofHeaders(headers) ?? ofFields(body) ?? ofText(message ?? "", headers) ?? ofWindows(headers);
}

const text = (value: string | string[] | undefined): string => (typeof value === "string" ? value.trim() : "");

function ofHeaders(headers: Headers): number | null {
  for (const name of ["retry-after-ms", "x-ms-retry-after-ms"]) {
    const milliseconds = Number(text(headers[name]) || Number.NaN);
    if (milliseconds >= 0) return milliseconds;
  }
  const value = text(headers["retry-after"]);
  if (value === "") return null;
  const seconds = Number(value);
  if (seconds >= 0) return seconds * 1000;
  return durationMs(value) ?? untilMs(value, headers);
}

/** Google sends `"retryDelay": "52s"` inside `details`. Others send `retry_after` in seconds. */
function ofFields(body: string): number | null {
  const delay = /"retryDelay"\s*:\s*"(\d{1,6}(?:\.\d{1,9})?)s"/.exec(body);
  if (delay) return Number(delay[1]) * 1000;
  const after = /"retry_?after(_ms|_seconds|ms|seconds)?"\s*:\s*"?(\d{1,9}(?:\.\d{1,9})?)"?\s*[,}]/i.exec(body);
  return after ? Number(after[2]) * (/ms/i.test(after[1] ?? "") ? 1 : 1000) : null;
}

const AGAIN =
  /\b(?:try again|retry|wait)(?: (?:in|after|for|your request after))+ (?:(\d{1,9}(?:\.\d{1,9})?) ?(milliseconds?|seconds?|minutes?|hours?)\b|((?:\d{1,6}(?:\.\d{1,9})?(?:ms|h|m|s))+))/i;
const ACCESS = /\bregain access on (\d{4}-\d{2}-\d{2}) at (\d{2}:\d{2}) UTC/i;
const WORDS: Readonly<Record<string, number>> = { mi: 1, se: 1_000, ho: 3_600_000 };

function ofText(message: string, headers: Headers): number | null {
  const again = AGAIN.exec(message);
  if (again?.[3] !== undefined) return durationMs(again[3]);
  if (again?.[1] !== undefined) {
    const word = again[2]?.toLowerCase() ?? "";
    return Number(again[1]) * (word.startsWith("minute") ? 60_000 : (WORDS[word.slice(0, 2)] ?? 1_000));
  }
  const access = ACCESS.exec(message);
  return access && untilMs(`${access[1]}T${access[2]}:00Z`, headers);
}

/** `x-ratelimit-remaining-tokens: 0` with `x-ratelimit-reset-tokens: 6m0s`; Anthropic's end with a date. */
const WINDOW = /^(x-ratelimit|anthropic-ratelimit|ratelimit)(?:-(.+))?-remaining(?:-(.+))?$/;

function ofWindows(headers: Headers): number | null {
  let longest: number | null = null;
  for (const name in headers) {
    const found = WINDOW.exec(name);
    if (!found || Number(text(headers[name]) || Number.NaN) !== 0) continue;
    const value = text(headers[name.replace("remaining", "reset")]);
    const seconds = Number(value || Number.NaN);
    // A small number is a time from now, a large one a time since the epoch.
    const delay = seconds < SECONDS_MAX ? seconds * 1000 : (durationMs(value) ?? untilMs(value, headers));
    if (delay !== null && delay >= 0) longest = Math.max(longest ?? 0, delay);
  }
  return longest;
}

const SECONDS_MAX = 1e6;
const UNIT_MS: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1_000, ms: 1 };

/** `1h2m3.5s` or `120ms`. Null: not a duration. */
export function durationMs(value: string): number | null {
  if (!/^(?:\d{1,9}(?:\.\d{1,9})?(?:ms|h|m|s))+$/.test(value)) return null;
  let sum = 0;
  for (const [, amount, unit = ""] of value.matchAll(/([\d.]+)(ms|h|m|s)/g))
    sum += Number(amount) * (UNIT_MS[unit] ?? 0);
  return sum;
}

/** A date refers to the provider's clock, so it is compared with the provider's own date header. */
function untilMs(value: string, headers: Headers): number | null {
  const number = Number(value || Number.NaN);
  const at = number >= SECONDS_MAX ? (number > 1e11 ? number : number * 1000) : Date.parse(value);
  const waitMs = at - Date.parse(text(headers.date));
  return waitMs >= 0 ? waitMs : null;
}
