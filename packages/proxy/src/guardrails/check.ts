import type { TollgateError } from "@tollgate/contracts/errors";
import type { GuardrailPolicy, OrgPolicy } from "@tollgate/contracts/grant";
import type { GuardrailHit } from "@tollgate/contracts/usage-event";
import { replaceTexts, visitTexts } from "../surfaces/texts.ts";
import { checkInline } from "./check-inline.ts";
import type { GuardrailThreads } from "./threads.ts";
import { hitsOf, refusalOf } from "./verdict.ts";

export interface Verdict {
  /** Why the request may not leave; null: it may. */
  refusal: TollgateError | null;
  /** Every rule that matched or failed, for the request's row. */
  hits: GuardrailHit[];
  /** The body with the redactions made; the very same object when there are none. */
  body: Readonly<Record<string, unknown>>;
}

type Guarded = Pick<OrgPolicy, "id" | "guardrails">;

const inputRules = new WeakMap<readonly GuardrailPolicy[], readonly GuardrailPolicy[]>();

function inputRulesOf(guardrails: readonly GuardrailPolicy[]): readonly GuardrailPolicy[] {
  const known = inputRules.get(guardrails);
  if (known) return known;
  const rules = guardrails.filter(({ stage }) => stage === "input");
  inputRules.set(guardrails, rules);
  return rules;
}

/** Runs an organisation's input rules over every text of a request: small texts here, large ones in a thread. */
export async function checkInput(
  threads: GuardrailThreads,
  { id, guardrails }: Guarded,
  body: Verdict["body"],
): Promise<Verdict> {
  const rules = inputRulesOf(guardrails);
  if (rules.length === 0) return { refusal: null, hits: [], body };
  const texts: string[] = [];
  visitTexts(body, (text, _path, isData) => {
    if (!isData && text !== "") texts.push(text);
  });
  const findings = checkInline(rules, texts) ?? (await threads.check(id, rules, texts));
  const edits = new Map(findings.edits.map(({ index, text }) => [index, text]));
  return {
    refusal: refusalOf(rules, findings),
    hits: hitsOf(rules, findings),
    body: edits.size > 0 ? redacted(body, edits) : body,
  };
}

/** The same visit once more: `edits` are by the number of a text within it. */
function redacted(body: Verdict["body"], edits: ReadonlyMap<number, string>): Verdict["body"] {
  let number = 0;
  return replaceTexts(body, (text, isData) => (isData || text === "" ? text : (edits.get(number++) ?? text)));
}
