import type { GuardrailPolicy } from "@tollgate/contracts/grant";
import type { Budget } from "./budget.ts";
import { keywordMatcher } from "./keyword-matcher.ts";
import type { Span } from "./normalise.ts";
import { regexMatcher } from "./regex-matcher.ts";
import { secretMatcher } from "./secret-matcher.ts";

/** Spans of a normalised text, in order. Throws `MatchTimeout` when the budget is used up. */
export type Matcher = (text: string, budget: Budget) => Span[];

/** Throws when the rule cannot be compiled. */
export function matcherFor({ kind, patterns }: GuardrailPolicy): Matcher {
  switch (kind) {
    case "keyword":
      return keywordMatcher(patterns);
    case "regex":
      return regexMatcher(patterns);
    case "secret":
      return secretMatcher;
  }
}
