import type { GuardrailPolicy } from "@tollgate/contracts/grant";
import { keywordMatcher } from "./keyword-matcher.ts";
import type { Span } from "./normalise.ts";
import { regexMatcher } from "./regex-matcher.ts";
import { secretMatcher } from "./secret-matcher.ts";

/** Spans of a normalised text, in order. Throws `MatchTimeout` once `deadlineMs` (of `performance.now`) has passed. */
export type Matcher = (text: string, deadlineMs: number) => Span[];

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
