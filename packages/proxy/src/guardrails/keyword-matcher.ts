import type { Matcher } from "./matcher.ts";
import type { Span } from "./normalise.ts";

const WORD = /[\p{L}\p{N}_]/u;

/** Lower case of the same length: characters whose lower case is longer stay as they are. */
function folded(text: string): string {
  const lower = text.toLowerCase();
  if (lower.length === text.length) return lower;
  return text.replace(/[\s\S]/g, (unit) => (unit.toLowerCase().length === 1 ? unit.toLowerCase() : unit));
}

const isWordAt = (text: string, index: number): boolean =>
  index >= 0 && index < text.length && WORD.test(text[index] ?? "");

/** Whole words or phrases, in any case. A keyword that begins or ends with no letter or digit has no edge there. */
export function keywordMatcher(keywords: readonly string[]): Matcher {
  const wanted = keywords
    .map((keyword) => folded(keyword.normalize("NFKC").trim()))
    .filter((keyword) => keyword !== "");
  return (text, budget) => {
    const haystack = folded(text);
    const spans: Span[] = [];
    for (const keyword of wanted) {
      budget.spend(text.length);
      for (let start = haystack.indexOf(keyword); start !== -1; start = haystack.indexOf(keyword, start + 1)) {
        budget.spend(keyword.length);
        const end = start + keyword.length;
        const isCut =
          (isWordAt(haystack, start) && isWordAt(haystack, start - 1)) ||
          (isWordAt(haystack, end - 1) && isWordAt(haystack, end));
        if (!isCut) spans.push({ start, end });
      }
    }
    return spans;
  };
}
