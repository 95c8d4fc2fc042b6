import type { GuardrailPolicy } from "@tollgate/contracts/grant";
import { type Matcher, matcherFor } from "./matcher.ts";

export interface Rule {
  policy: GuardrailPolicy;
  /** Null: the rule could not be compiled and fails on every text. */
  matcher: Matcher | null;
  /** What takes a match's place. Without quotes or backslashes, for it may stand within JSON within a string. */
  placeholder: string;
}

const compiled = new WeakMap<readonly GuardrailPolicy[], Rule[]>();

/** The rules of one policy snapshot, compiled once. */
export function rulesOf(guardrails: readonly GuardrailPolicy[]): readonly Rule[] {
  const known = compiled.get(guardrails);
  if (known) return known;
  const rules = guardrails.map((policy) => ({
    policy,
    matcher: compile(policy),
    placeholder: `[redacted:${policy.name.replace(/[^\p{L}\p{N} ._-]/gu, "")}]`,
  }));
  compiled.set(guardrails, rules);
  return rules;
}

function compile(policy: GuardrailPolicy): Matcher | null {
  try {
    return matcherFor(policy);
  } catch {
    return null;
  }
}
