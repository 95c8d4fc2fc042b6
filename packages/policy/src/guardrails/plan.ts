import type { GuardrailPolicy } from "@tollgate/contracts/grant";
import { type KeywordScan, keywordScan } from "./keyword-scan.ts";
import { type RegexScan, regexScan } from "./regex-scan.ts";

/** The rules of one policy snapshot, compiled together, so that each text is read once for all rules. */
export interface Plan {
  rules: readonly PlanRule[];
  /** Null: there are no keyword rules. */
  keywords: KeywordScan | null;
  hasSecrets: boolean;
  hasRedactions: boolean;
}

export interface PlanRule {
  kind: GuardrailPolicy["kind"];
  redacts: boolean;
  /** Replaces a match. It has no quotes or backslashes, because the text may be JSON inside a JSON string. */
  placeholder: string;
  /**
   * Only for rules of kind regex. Null: another kind, or a pattern that could not be compiled and fails on every text.
   */
  regex: RegexScan | null;
}

/** The rules keep their order and numbers. */
export function compilePlan(rules: readonly GuardrailPolicy[]): Plan {
  const planned = rules.map((policy) => ({
    kind: policy.kind,
    redacts: policy.action === "redact" && policy.mode === "on",
    placeholder: `[redacted:${policy.name.replace(/[^\p{L}\p{N} ._-]/gu, "")}]`,
    regex: policy.kind === "regex" ? compiledRegex(policy.patterns) : null,
  }));
  const keywordRules = rules.flatMap(({ kind, patterns }, rule) =>
    kind === "keyword" ? [{ rule, keywords: patterns }] : [],
  );
  return {
    rules: planned,
    keywords: keywordRules.length > 0 ? keywordScan(keywordRules) : null,
    hasSecrets: rules.some(({ kind }) => kind === "secret"),
    hasRedactions: planned.some(({ redacts }) => redacts),
  };
}

function compiledRegex(patterns: readonly string[]): RegexScan | null {
  try {
    return regexScan(patterns);
  } catch {
    return null;
  }
}
