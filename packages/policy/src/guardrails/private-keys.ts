import type { Budget } from "./budget.ts";
import type { Span } from "./span.ts";

/** `isOpen`: a private key that has a beginning but no end, so its length is unknown. */
export interface Secret extends Span {
  isOpen: boolean;
}

/** A line that begins or ends a private key. */
export interface Mark extends Span {
  opens: boolean;
  format: "pem" | "putty";
}

/** Text of the lines that begin or end a key. `markAt` decides whether it is such a line. */
export const MARKS = ["BEGIN ", "END ", "PuTTY-User-Key-File-", "Private-MAC:", "Private-Hash:"] as const;

const LABEL_CHARS_MAX = 64;
const DASHES_MIN = 4;
const DASHES_MAX = 16;
/** Length of a SHA-1 in hex, the shortest value at the end of a PuTTY key. */
const MAC_CHARS_MIN = 40;
const DASH = 0x2d;
const SPACE = 0x20;

/** The line around `MARKS[kind]`, which ends at `end`. Null: it is not such a line. */
export function markAt(text: string, kind: number, end: number, budget: Budget): Mark | null {
  budget.spend(2 * LABEL_CHARS_MAX);
  const word = MARKS[kind] ?? "";
  const start = end - word.length;
  if (word === "PuTTY-User-Key-File-") return { start, end, opens: true, format: "putty" };
  if (word === "Private-MAC:" || word === "Private-Hash:") return macAt(text, start, end);
  return pemAt(text, start, end, word === "BEGIN ");
}

/** `-----BEGIN RSA PRIVATE KEY-----`, `---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----`, and similar lines. */
function pemAt(text: string, word: number, label: number, opens: boolean): Mark | null {
  let start = text.charCodeAt(word - 1) === SPACE ? word - 1 : word;
  const dashesEnd = start;
  while (dashesEnd - start < DASHES_MAX && text.charCodeAt(start - 1) === DASH) start--;
  if (dashesEnd - start < DASHES_MIN) return null;
  let end = label;
  while (end - label < LABEL_CHARS_MAX && isLabel(text.charCodeAt(end))) end++;
  if (!text.slice(label, end).includes("PRIVATE KEY")) return null;
  const dashes = end;
  while (end - dashes < DASHES_MAX && text.charCodeAt(end) === DASH) end++;
  return end - dashes < DASHES_MIN ? null : { start, end, opens, format: "pem" };
}

const isLabel = (code: number): boolean =>
  code === SPACE || (code >= 0x30 && code <= 0x39) || (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a);

/** The last line of a PuTTY key, with its value. */
function macAt(text: string, start: number, from: number): Mark | null {
  let at = from;
  while (at - from < LABEL_CHARS_MAX && text.charCodeAt(at) === SPACE) at++;
  const value = at;
  while (at - value < 2 * LABEL_CHARS_MAX && isHex(text.charCodeAt(at))) at++;
  return at - value < MAC_CHARS_MIN ? null : { start, end: at, opens: false, format: "putty" };
}

const isHex = (code: number): boolean =>
  (code >= 0x30 && code <= 0x39) || (code >= 0x41 && code <= 0x46) || (code >= 0x61 && code <= 0x66);

/** Whole keys: from a line that begins one to the next line that ends one, with everything between. Marks are in order. */
export function blocksOf(marks: readonly Mark[]): Secret[] {
  return marks.flatMap((mark, index) => {
    if (!mark.opens) return [];
    const next = marks[index + 1];
    const isOpen = next === undefined || next.opens || next.format !== mark.format;
    return [{ start: mark.start, end: isOpen ? mark.end : next.end, isOpen }];
  });
}
