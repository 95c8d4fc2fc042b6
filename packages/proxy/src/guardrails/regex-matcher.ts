import { RE2JS } from "re2js";
import type { Matcher } from "./matcher.ts";
import type { Span } from "./normalise.ts";
import { inWindows } from "./windows.ts";

/** About 40 ms of the slowest patterns there are. */
const WINDOW_CHARS = 16_384;

/** RE2 patterns: linear in the text. Throws on a pattern that is none. */
export function regexMatcher(patterns: readonly string[]): Matcher {
  const compiled = patterns.map((pattern) => RE2JS.compile(pattern));
  return (text, budget) =>
    compiled.flatMap((pattern) => inWindows(text, WINDOW_CHARS, budget, (piece) => found(pattern, piece)));
}

function* found(pattern: RE2JS, text: string): Generator<Span> {
  const matcher = pattern.matcher(text);
  while (matcher.find()) {
    const start = matcher.start();
    const end = matcher.end();
    // An empty match says that a text is there, not that something is in it.
    if (end > start) yield { start, end };
  }
}
