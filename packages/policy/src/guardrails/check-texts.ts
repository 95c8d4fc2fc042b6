import { type Budget, BudgetSpent } from "./budget.ts";
import type { Findings, RuleFinding } from "./findings.ts";
import { type JsonToken, jsonTokens } from "./json-tokens.ts";
import { type Normalised, normalise } from "./normalise.ts";
import type { Plan, PlanRule } from "./plan.ts";
import { type Redaction, redact } from "./redact.ts";
import { secretsIn } from "./secret-scan.ts";
import type { Span } from "./span.ts";

/** Each redaction makes the text longer by its placeholder, so their number is limited. */
const REDACTIONS_MAX = 50_000;

/** Cost of a text beside its characters. */
const STEPS_PER_TEXT = 64;

/** Maximum number of matching texts that a finding lists. */
const TEXTS_MAX = 100;

interface Scanned {
  /** Position of the text in the list of texts. */
  index: number;
  text: string;
  /** Null: the text is not JSON, or no rule needs its tokens. */
  tokens: JsonToken[] | null;
  normalised: Normalised;
  redactions: Redaction[];
}

/**
 * Runs all rules of a plan on all texts of a request, within one budget. A rule without enough time fails. Keywords and
 * secrets are fast and come first. Used on the event loop and in guardrail threads.
 */
export function checkTexts(plan: Plan, texts: readonly string[], budget: Budget): Findings {
  const check = new Check(plan);
  const scanned = check.within(plan.rules, () => texts.map((text, index) => prepare(plan, text, index, budget)));
  if (scanned) check.run(scanned, budget);
  const edits = (scanned ?? []).flatMap(({ text, redactions, tokens }, index) =>
    redactions.length > 0 ? [{ index, text: redact(text, redactions, tokens) }] : [],
  );
  return { rules: check.findings, edits };
}

function prepare(plan: Plan, text: string, index: number, budget: Budget): Scanned {
  budget.spend(STEPS_PER_TEXT);
  const isWanted = plan.hasRedactions || text.includes("\\");
  const tokens = isWanted && mayBeJson(text) ? jsonTokens(text, budget) : null;
  return { index, text, tokens, normalised: normalise(text, tokens, budget), redactions: [] };
}

function mayBeJson(text: string): boolean {
  let at = 0;
  while (" \n\r\t".includes(text.charAt(at)) && at < text.length) at++;
  return text.charAt(at) === "{" || text.charAt(at) === "[";
}

class Check {
  readonly findings: RuleFinding[];
  readonly #plan: Plan;
  #redactionsLeft = REDACTIONS_MAX;

  constructor(plan: Plan) {
    this.#plan = plan;
    this.findings = plan.rules.map(({ kind, regex }) => ({
      count: 0,
      failure: kind === "regex" && !regex ? "pattern" : null,
      isUnredactable: false,
      texts: [],
    }));
  }

  run(texts: readonly Scanned[], budget: Budget): void {
    const { keywords, rules } = this.#plan;
    const ofKind = (kind: PlanRule["kind"]): PlanRule[] => rules.filter((rule) => rule.kind === kind);
    if (keywords) {
      this.within(ofKind("keyword"), () => {
        for (const scanned of texts) {
          keywords(scanned.normalised.text, budget, (rule, start, end) => this.#found(rule, scanned, { start, end }));
        }
      });
    }
    if (this.#plan.hasSecrets) {
      const secretRules = ofKind("secret");
      this.within(secretRules, () => {
        for (const scanned of texts) this.#findSecrets(secretRules, scanned, budget);
      });
    }
    const regexRules = ofKind("regex").filter(({ regex }) => regex !== null);
    for (const [done, rule] of regexRules.entries()) {
      budget.share(regexRules.length - done);
      const number = rules.indexOf(rule);
      this.within([rule], () => {
        for (const scanned of texts) {
          rule.regex?.(scanned.normalised.text, budget, (start, end) => this.#found(number, scanned, { start, end }));
        }
      });
    }
  }

  /** Undefined if the budget was used up; then these rules have failed. */
  within<T>(rules: readonly PlanRule[], work: () => T): T | undefined {
    try {
      return work();
    } catch (error) {
      if (!(error instanceof BudgetSpent)) throw error;
      for (const [number, rule] of this.#plan.rules.entries()) {
        const finding = this.findings[number];
        if (finding && rules.includes(rule)) finding.failure ??= "time";
      }
      return undefined;
    }
  }

  #findSecrets(rules: readonly PlanRule[], scanned: Scanned, budget: Budget): void {
    for (const secret of secretsIn(scanned.normalised.text, budget)) {
      for (const rule of rules) {
        const number = this.#plan.rules.indexOf(rule);
        this.#found(number, scanned, secret);
        const finding = this.findings[number];
        if (finding && secret.isOpen) finding.isUnredactable ||= rule.redacts;
      }
    }
  }

  #found(number: number, { index, normalised, redactions }: Scanned, span: Span): void {
    const finding = this.findings[number];
    const rule = this.#plan.rules[number];
    if (!finding || !rule) return;
    finding.count++;
    if (finding.texts.at(-1) !== index && finding.texts.length < TEXTS_MAX) finding.texts.push(index);
    if (!rule.redacts) return;
    if (this.#redactionsLeft-- > 0) redactions.push({ ...normalised.original(span), placeholder: rule.placeholder });
    else finding.isUnredactable = true;
  }
}
