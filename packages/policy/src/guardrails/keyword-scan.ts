import { Automaton } from "./automaton.ts";
import type { Budget } from "./budget.ts";
import { folded } from "./fold.ts";
import { isWhole } from "./word-edges.ts";

/** Called for each match, with the number of the rule. */
export type OnFound = (rule: number, start: number, end: number) => void;

/**
 * Finds the keywords of all rules in one pass: whole words or phrases, in any case. If a keyword begins or ends with a
 * character that is no letter or digit, no word boundary is needed there.
 */
export type KeywordScan = (text: string, budget: Budget, onFound: OnFound) => void;

export function keywordScan(rules: readonly { rule: number; keywords: readonly string[] }[]): KeywordScan {
  const all = rules.flatMap(({ rule, keywords }) =>
    keywords.map((keyword) => ({ rule, text: folded(keyword.normalize("NFKC").trim()) })),
  );
  const automaton = new Automaton(
    all.map(({ text }) => text),
    { ignoresCase: true },
  );
  return (text, budget, onFound) =>
    automaton.scan(text, budget, (pattern, end) => {
      const keyword = all[pattern];
      if (!keyword) return;
      const start = end - keyword.text.length;
      if (isWhole(text, start, end)) onFound(keyword.rule, start, end);
    });
}
