import type { GuardrailPolicy } from "@tollgate/contracts/grant";
import { Budget } from "./budget.ts";
import { checkTexts } from "./check-texts.ts";
import type { Findings } from "./findings.ts";
import { compilePlan, type Plan } from "./plan.ts";
import { regexSteps } from "./regex-scan.ts";

/** Characters of all texts; crossing to a thread costs the event loop as much as some ten thousand. */
const CHARS_MAX = 16_384;
/** Characters of all keywords: compiling more would hold the event loop. */
const KEYWORD_CHARS_MAX = 5_000;
/** Instructions of all regular expressions. */
const REGEX_SIZE_MAX = 500;
const STEPS_MAX = 200_000;
const MS_MAX = 4;
const LOOK_EVERY_STEPS = 1_024;
/** Steps a character costs beside regular expressions: normalising, keywords and secrets. */
const STEPS_PER_CHAR = 4;

/** What is known of one policy snapshot here, beside the threads. */
interface Known {
  keywordChars: number;
  /** Null: a thread has not compiled them yet, and only then it is known what they cost. */
  regexSize: number | null;
  plan: Plan | null;
}

const snapshots = new WeakMap<readonly GuardrailPolicy[], Known>();

function knownOf(rules: readonly GuardrailPolicy[]): Known {
  const known = snapshots.get(rules);
  if (known) return known;
  const keywords = rules.filter(({ kind }) => kind === "keyword").flatMap(({ patterns }) => patterns);
  const fresh: Known = {
    keywordChars: keywords.reduce((sum, keyword) => sum + keyword.length, 0),
    regexSize: rules.some(({ kind }) => kind === "regex") ? null : 0,
    plan: null,
  };
  snapshots.set(rules, fresh);
  return fresh;
}

/** A thread has compiled these rules. */
export function noteRegexSize(rules: readonly GuardrailPolicy[], regexSize: number): void {
  knownOf(rules).regexSize = regexSize;
}

/** Checks small texts on the event loop, within 4 ms. Null: they, or the rules, are not small enough. */
export function checkInline(rules: readonly GuardrailPolicy[], texts: readonly string[]): Findings | null {
  const known = knownOf(rules);
  const { keywordChars, regexSize } = known;
  if (keywordChars > KEYWORD_CHARS_MAX || regexSize === null || regexSize > REGEX_SIZE_MAX) return null;
  let chars = texts.length;
  for (const { length } of texts) chars += length;
  if (chars > CHARS_MAX || chars * STEPS_PER_CHAR + regexSteps(regexSize, chars) > STEPS_MAX) return null;
  known.plan ??= compilePlan(rules);
  const budget = new Budget({
    stepsMax: STEPS_MAX,
    msMax: MS_MAX,
    clock: () => performance.now(),
    lookEvery: LOOK_EVERY_STEPS,
  });
  const findings = checkTexts(known.plan, texts, budget);
  return findings.rules.some(({ failure }) => failure === "time") ? null : findings;
}
