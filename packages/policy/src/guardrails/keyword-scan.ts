import { Automaton } from "./automaton.ts";
import type { Budget } from "./budget.ts";
import { folded } from "./fold.ts";
import { isWhole } from "./word-edges.ts";

/** Called for each match of a rule, by the rule's number. */
export type OnFound = (rule: number, start: number, end: number) => void;

/**
 * The keywords of all rules, found in one pass: whole words or phrases, in any case. A keyword that begins or ends with
 * no letter or digit has no edge there.
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
