import type { GuardrailPolicy } from "@tollgate/contracts/grant";
import type { GuardrailHit } from "@tollgate/contracts/usage-event";
import { visitTexts } from "../surfaces/texts.ts";
import { Budget } from "./budget.ts";
import { applyEdits, type TextEdit } from "./edit.ts";
import { type Normalised, normalise, originalSpan } from "./normalise.ts";
import { type Redaction, redact } from "./redact.ts";
import { type Rule, rulesOf } from "./rules.ts";

export interface Verdict {
  /** The first rule that blocks, or null. Shadow rules never block. */
  blockedBy: GuardrailPolicy | null;
  /** Every rule that matched, for the request's row; never the match itself. A count of 0: it could not be evaluated. */
  hits: GuardrailHit[];
  /** What redaction changes; empty when nothing was redacted. */
  edits: TextEdit[];
  /** The body with the edits applied; the very same object when there are none. */
  body: Readonly<Record<string, unknown>>;
}

/** Milliseconds one rule may take over all texts of a request. */
const RULE_MS_MAX = 50;

interface Scanned {
  path: (string | number)[];
  text: string;
  normalised: Normalised;
  redactions: Redaction[];
}

/** Runs the input rules over every text of a request. Synchronous; at most 50 ms a rule, then it fails as it is set to. */
export function checkInput(guardrails: readonly GuardrailPolicy[], body: Verdict["body"]): Verdict {
  const rules = rulesOf(guardrails).filter(({ policy }) => policy.stage === "input");
  const verdict: Verdict = { blockedBy: null, hits: [], edits: [], body };
  if (rules.length === 0) return verdict;
  const texts: Scanned[] = [];
  visitTexts(body, (text, path, isData) => {
    if (!isData && text !== "") texts.push({ path: [...path], text, normalised: normalise(text), redactions: [] });
  });
  for (const rule of rules) {
    const count = matches(rule, texts);
    if (count !== 0) judge(rule, count, verdict);
  }
  verdict.edits = texts
    .filter((scanned) => scanned.redactions.length > 0)
    .map(({ path, text, redactions }) => ({ path, text: redact(text, redactions) }));
  verdict.body = applyEdits(body, verdict.edits);
  return verdict;
}

/** How often a rule matches; null: it failed. Notes what it redacts. */
function matches({ policy, matcher, placeholder }: Rule, texts: readonly Scanned[]): number | null {
  if (!matcher) return null;
  const redacts = policy.action === "redact" && policy.mode === "on";
  const budget = new Budget(RULE_MS_MAX);
  let count = 0;
  try {
    for (const { normalised, redactions } of texts) {
      const spans = matcher(normalised.text, budget);
      count += spans.length;
      if (redacts) for (const span of spans) redactions.push({ ...originalSpan(normalised, span), placeholder });
    }
    return count;
  } catch {
    return null;
  }
}

/** A rule that failed and fails closed blocks, whatever its action: what it might have redacted must not leave. */
function judge({ policy }: Rule, count: number | null, verdict: Verdict): void {
  const { id: ruleId, name, action, mode, onFailure } = policy;
  verdict.hits.push({ ruleId, name, action, shadow: mode === "shadow", count: count ?? 0 });
  const blocks = count === null ? onFailure === "closed" : action === "block";
  if (blocks && mode === "on") verdict.blockedBy ??= policy;
}
