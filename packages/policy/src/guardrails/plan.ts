import type { GuardrailPolicy } from "@tollgate/contracts/grant";
import { type KeywordScan, keywordScan } from "./keyword-scan.ts";
import { type RegexScan, regexScan } from "./regex-scan.ts";

/** The rules of one policy snapshot, compiled together, so that each text is looked at once for all of them. */
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
  /** Takes a match's place. Without quotes or backslashes, for it may stand within JSON within a string. */
  placeholder: string;
  /** Of a regex rule; null: of another kind, or the pattern could not be compiled and fails on every text. */
  regex: RegexScan | null;
}

/** Rules keep their order and number. */
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
