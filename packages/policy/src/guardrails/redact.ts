import type { JsonToken } from "./json-tokens.ts";
import type { Span } from "./span.ts";

export interface Redaction extends Span {
  /** Contains no character that JSON escapes. */
  placeholder: string;
}

/** Sorted. Overlapping spans are merged and get the placeholder of the first. */
function merged(redactions: readonly Redaction[]): Redaction[] {
  const result: Redaction[] = [];
  for (const redaction of redactions.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    const last = result.at(-1);
    if (last && redaction.start < last.end) last.end = Math.max(last.end, redaction.end);
    else result.push({ ...redaction });
  }
  return result;
}

/** The text with every span replaced. With `tokens` the text is JSON and remains valid JSON. */
export function redact(text: string, redactions: readonly Redaction[], tokens: readonly JsonToken[] | null): string {
  const wanted = merged(redactions);
  const pieces: string[] = [];
  let at = 0;
  for (const { start, end, placeholder } of tokens ? withinTokens(wanted, tokens) : wanted) {
    pieces.push(text.slice(at, start), placeholder);
    at = end;
  }
  pieces.push(text.slice(at));
  return pieces.join("");
}

/**
 * The part of a span in each token: of a string the part between its quotes, of a number (or `true`, `null`) the whole
 * token, which becomes a string. Brackets, colons and commas are not changed.
 */
function withinTokens(redactions: readonly Redaction[], tokens: readonly JsonToken[]): Redaction[] {
  const result: Redaction[] = [];
  let first = 0;
  for (const { start, end, placeholder } of redactions) {
    while (first < tokens.length && (tokens[first]?.end ?? 0) <= start) first++;
    for (let index = first; index < tokens.length; index++) {
      const token = tokens[index];
      if (!token || token.start >= end) break;
      const part = token.isString
        ? { start: Math.max(start, token.start + 1), end: Math.min(end, token.end - 1), placeholder }
        : { start: token.start, end: token.end, placeholder: `"${placeholder}"` };
      const isNew = part.start >= (result.at(-1)?.end ?? 0);
      if (part.end > part.start && isNew) result.push(part);
    }
  }
  return result;
}
