import type { GuardrailPolicy } from "@tollgate/contracts/grant";
import { Budget } from "@tollgate/policy/guardrails/budget";
import { checkTexts } from "@tollgate/policy/guardrails/check-texts";
import type { Findings } from "@tollgate/policy/guardrails/findings";
import { compilePlan, type Plan } from "@tollgate/policy/guardrails/plan";

/** Maximum number of characters of all texts; checking them takes about 0.6 ms. */
const CHARS_MAX = 16_384;
const TEXTS_MAX = 1_000;
/** Maximum number of characters of all keywords: compiling more would block the event loop. */
const KEYWORD_CHARS_MAX = 5_000;
const STEPS_MAX = 200_000;
const MS_MAX = 4;
const LOOK_EVERY_STEPS = 1_024;

/** Null: the rules are only checked in threads. */
const plans = new WeakMap<readonly GuardrailPolicy[], Plan | null>();

function planOf(rules: readonly GuardrailPolicy[]): Plan | null {
  const known = plans.get(rules);
  if (known !== undefined) return known;
  const plan = isLight(rules) ? compilePlan(rules) : null;
  plans.set(rules, plan);
  return plan;
}

/**
 * Regular expressions are only checked in threads: a search cannot be stopped, and its cache grows with the texts. Only a
 * thread's memory can be limited.
 */
function isLight(rules: readonly GuardrailPolicy[]): boolean {
  if (rules.some(({ kind }) => kind === "regex")) return false;
  const keywords = rules.flatMap(({ patterns }) => patterns);
  return keywords.reduce((sum, { length }) => sum + length, 0) <= KEYWORD_CHARS_MAX;
}

/** Checks small texts on the event loop, within 4 ms. Null: the texts or the rules are too large. */
export function checkInline(rules: readonly GuardrailPolicy[], texts: readonly string[]): Findings | null {
  if (texts.length > TEXTS_MAX || texts.reduce((sum, { length }) => sum + length, 0) > CHARS_MAX) return null;
  const plan = planOf(rules);
  if (!plan) return null;
  const budget = new Budget({
    stepsMax: STEPS_MAX,
    msMax: MS_MAX,
    clock: () => performance.now(),
    lookEvery: LOOK_EVERY_STEPS,
  });
  const findings = checkTexts(plan, texts, budget);
  return findings.rules.some(({ failure }) => failure === "time") ? null : findings;
}
