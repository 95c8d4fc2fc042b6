import type { TollgateError } from "@tollgate/contracts/errors";
import type { GuardrailPolicy, OrgPolicy } from "@tollgate/contracts/grant";
import type { GuardrailHit } from "@tollgate/contracts/usage-event";
import { type Findings, unchecked } from "@tollgate/policy/guardrails/findings";
import { inTurns, type Lane } from "../body/steps.ts";
import type { Origin, Texts, TextVisitor } from "../wires/wire.ts";
import { checkInline } from "./check-inline.ts";
import { DOCUMENT_CHARS_MAX, textDocument } from "./text-document.ts";
import type { GuardrailThreads } from "./threads.ts";
import { hitsOf, refusalOf } from "./verdict.ts";

export interface Verdict {
  /** Why the request must not be sent to a provider; null if it may be sent. */
  refusal: TollgateError | null;
  /** Every rule that matched or failed, for the request's record. */
  hits: GuardrailHit[];
  /** The body with all redactions; the same object if there are none. */
  body: object;
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

/**
 * Runs an organisation's input rules on every text of a request, also in text documents: small texts here, large ones in
 * a thread. A large body is visited in steps, in the turns of `lane`.
 */
export async function checkInput(
  threads: GuardrailThreads,
  { id, guardrails }: Guarded,
  walks: Texts,
  body: object,
  lane: Lane | null = null,
): Promise<Verdict> {
  const rules = inputRulesOf(guardrails);
  if (rules.length === 0) return { refusal: null, hits: [], body };
  const texts: string[] = [];
  const origins: Origin[] = [];
  let isTooLarge = false;
  const visit: TextVisitor = (text, _path, isData, origin) => {
    const checked = isData ? textDocument(text) : text;
    if (!checked) return;
    const isLarge = typeof checked !== "string" && checked.chars > DOCUMENT_CHARS_MAX;
    isTooLarge ||= isLarge;
    if (isLarge) return;
    texts.push(typeof checked === "string" ? checked : checked.read());
    origins.push(origin());
  };
  if (lane) await inTurns(walks.visiting(body, visit), lane);
  else walks.visit(body, visit);
  const findings = isTooLarge
    ? unchecked(rules.length, "time")
    : (checkInline(rules, texts) ?? (await threads.check(id, rules, texts)));
  return {
    refusal: refusalOf(rules, findings),
    hits: hitsOf(rules, findings, origins),
    body: findings.edits.length > 0 ? await redacted(walks, body, findings.edits, lane) : body,
  };
}

/** Visits the texts again and applies `edits`: sorted, each with the index of its text. */
async function redacted(walks: Texts, body: object, edits: Findings["edits"], lane: Lane | null): Promise<object> {
  let number = 0;
  let done = 0;
  const replace = (text: string, isData: boolean): string => {
    const document = isData ? textDocument(text) : null;
    if ((isData && !document) || text === "" || edits[done]?.index !== number++) return text;
    const edited = edits[done++]?.text ?? "";
    return document ? document.write(edited) : edited;
  };
  return lane ? inTurns(walks.replacing(body, replace), lane) : walks.replace(body, replace);
}
