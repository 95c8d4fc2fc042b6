import type { Parsed } from "../call.ts";

/** Larger requests are not searched, so that the search takes at most some milliseconds. */
const SEARCHED_BYTES_MAX = 1 << 20;

/** An ASCII letter as a JSON escape, or percent-encoded. Clients have no reason to write one so. */
const ENCODED_LETTER = /(?:\\u00|%)(?:[46][1-9a-f]|[57][0-9a])/i;
const BETWEEN = String.raw`(?:\\u00[0-9a-f]{2}|\\[nrt]|%[0-9a-f]{2}|[^a-z0-9]){0,12}`;

/**
 * Whether a refusal with these words may quote the request: the body, path, query or headers have the first or the last
 * two of them, or cannot be searched. The provider may have added the others.
 */
export function mayQuote({ raw, exchange }: Pick<Parsed, "raw" | "exchange">, words: string): boolean {
  if (raw.byteLength > SEARCHED_BYTES_MAX) return true;
  const each = words.split(" ").map((word) => word.replace(/\W/g, ""));
  const ends = [each.slice(0, 2), each.slice(-2)].map((two) => two.join(BETWEEN));
  const quoted = new RegExp(ends.join("|"), "i");
  const isIn = (text: string): boolean => quoted.test(text) || ENCODED_LETTER.test(text);
  const { path, query, rawHeaders } = exchange;
  return (
    isIn(`${path}?${query}`) || isIn(rawHeaders.join("\n")) || isIn(Buffer.concat(raw.pieces({})).toString("latin1"))
  );
}
