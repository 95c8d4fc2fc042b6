import type { Budget } from "./budget.ts";
import { escapeLength, hexAt, type JsonToken } from "./json-tokens.ts";
import type { Span } from "./span.ts";
import { TextUnits } from "./text-units.ts";

/** A text as matchers see it, with the mapping to the original text. */
export interface Normalised {
  text: string;
  /** Maps a span of `text` to the original. */
  original(span: Span): Span;
}

/** Zero-width and joining characters, direction marks, soft hyphen, fillers, variation selectors, tags, control characters. */
const INVISIBLE =
  /[\p{Cc}--[\t-\r]]|[\u00ad\u061c\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\ufeff\ufff9-\ufffb]|[\u115f\u1160]|\u034f|[\u17b4\u17b5]|[\ufe00-\ufe0f]|[\u{e0000}-\u{e01ef}]/gv;
const MARK = /^\p{M}$/u;
const BACKSLASH = 0x5c;
const QUOTE = 0x22;
const FIRST_MARK = 0x300;
const CHUNK = 1024;
/** After so many marks, a new character begins: sorting marks takes quadratic time (UAX #15, stream-safe text). */
const MARKS_MAX = 30;

/** The normalised form of one UTF-16 unit; undefined if it depends on its neighbours. Filled as characters occur. */
const alone: (string | undefined | null)[] = new Array(0x10000).fill(null);

function aloneOf(unit: number): string | undefined {
  const known = alone[unit];
  if (known !== null) return known;
  const char = String.fromCharCode(unit);
  const isHalf = unit >= 0xd800 && unit <= 0xdfff;
  const seen = isHalf || MARK.test(char) ? undefined : char.normalize("NFKC").replace(INVISIBLE, "");
  alone[unit] = seen;
  return seen;
}

/**
 * NFKC, without invisible characters, with `\u` escapes decoded. With `tokens` the text is JSON, and every escape in its
 * strings is decoded first. Plain ASCII is returned unchanged. Throws `BudgetSpent`.
 */
export function normalise(original: string, tokens: readonly JsonToken[] | null, budget: Budget): Normalised {
  const decoded = tokens ? decode(original, tokens, budget) : null;
  const text = decoded ? decoded.text() : original;
  const units = isPlain(text, budget) ? null : compatible(text, budget);
  const outer = ({ start, end }: Span): Span =>
    units ? { start: units.startOf(start), end: units.endOf(end - 1, text.length) } : { start, end };
  const inner = ({ start, end }: Span): Span =>
    decoded ? { start: decoded.startOf(start), end: decoded.endOf(end - 1, original.length) } : { start, end };
  return { text: units ? units.text() : text, original: (span) => inner(outer(span)) };
}

/** Only ASCII. White space is not a control character here. */
const isControl = (unit: number): boolean => (unit < 0x20 && (unit < 0x09 || unit > 0x0d)) || unit === 0x7f;

/** ASCII without an escape and without control characters. */
function isPlain(text: string, budget: Budget): boolean {
  for (let at = 0; at < text.length; at++) {
    if (at % CHUNK === 0) budget.spend(Math.min(CHUNK, text.length - at));
    const unit = text.charCodeAt(at);
    // Letters first, because they are most frequent: this loop runs over every text of every call.
    if (unit > BACKSLASH ? unit < 0x7f : unit >= 0x20 && unit !== BACKSLASH) continue;
    if (unit >= 0x7f || isControl(unit) || (unit === BACKSLASH && text.charAt(at + 1) === "u")) return false;
  }
  return true;
}

/** Null if there is no escape. */
function decode(text: string, tokens: readonly JsonToken[], budget: Budget): TextUnits | null {
  if (!text.includes("\\")) return null;
  const units = new TextUnits(text.length);
  let at = 0;
  const copyTo = (end: number): void => {
    budget.spend(end - at);
    for (; at < end; at++) units.push(text.charCodeAt(at), at);
  };
  for (const { start, end, isString } of tokens) {
    if (!isString) continue;
    copyTo(start + 1);
    budget.spend(end - start);
    while (at < end - 1) {
      const length = text.charCodeAt(at) === BACKSLASH ? (escapeLength(text, at) ?? 1) : 1;
      units.push(length === 1 ? text.charCodeAt(at) : escaped(text, at), at);
      at += length;
    }
  }
  copyTo(text.length);
  return units;
}

const SHORT_ESCAPES: Readonly<Record<string, number>> = { b: 8, f: 12, n: 10, r: 13, t: 9 };

/** The UTF-16 unit of the escape at `at`. */
const escaped = (text: string, at: number): number =>
  hexEscape(text, at) ?? SHORT_ESCAPES[text.charAt(at + 1)] ?? (text.charCodeAt(at + 1) || QUOTE);

const hexEscape = (text: string, at: number): number | null =>
  text.charAt(at + 1) === "u" ? hexAt(text, at + 2) : null;

function compatible(text: string, budget: Budget): TextUnits {
  const units = new TextUnits(text.length);
  let spent = 0;
  for (let at = 0; at < text.length; ) {
    if (units.length + at - spent >= CHUNK) {
      budget.spend(units.length + at - spent);
      spent = units.length + at;
    }
    const unit = text.charCodeAt(at);
    const following = text.charCodeAt(at + 1);
    if (unit === BACKSLASH) {
      const resolved = hexEscape(text, at);
      if (resolved === null) units.push(unit, at);
      else if (aloneOf(resolved) !== "") units.push(resolved, at);
      at += resolved === null ? 1 : 6;
    } else if (unit < 0x80 && !isControl(unit) && !(following >= FIRST_MARK)) {
      units.push(unit, at++);
    } else {
      at = pushCharacter(text, at, units);
    }
  }
  return units;
}

/** Writes the character at `at` with its combining marks. Returns the index of the next character. */
function pushCharacter(text: string, at: number, units: TextUnits): number {
  const seen = aloneOf(text.charCodeAt(at));
  const isLast = at + 1 >= text.length;
  if (seen !== undefined && (isLast || aloneOf(text.charCodeAt(at + 1)) !== undefined)) {
    for (let i = 0; i < seen.length; i++) units.push(seen.charCodeAt(i), at);
    return at + 1;
  }
  const end = clusterEnd(text, at);
  const cluster = text.slice(at, end).normalize("NFKC").replace(INVISIBLE, "");
  for (let i = 0; i < cluster.length; i++) units.push(cluster.charCodeAt(i), at);
  return end;
}

function clusterEnd(text: string, from: number): number {
  let at = from + charLength(text, from);
  for (let marks = 0; marks < MARKS_MAX && at < text.length; marks++) {
    const length = charLength(text, at);
    if (!MARK.test(text.slice(at, at + length))) break;
    at += length;
  }
  return at;
}

const charLength = (text: string, at: number): number => ((text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1);
