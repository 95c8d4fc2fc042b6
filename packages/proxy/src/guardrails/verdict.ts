import { TollgateError } from "@tollgate/contracts/errors";
import type { GuardrailPolicy } from "@tollgate/contracts/grant";
import type { GuardrailHit } from "@tollgate/contracts/usage-event";
import type { Findings, RuleFinding } from "@tollgate/policy/guardrails/findings";
import type { Origin } from "../wires/wire.ts";

/** Every rule that matched or failed, for the request's record; never the matched text. */
export const hitsOf = (
  rules: readonly GuardrailPolicy[],
  { rules: findings }: Findings,
  origins: readonly Origin[],
): GuardrailHit[] =>
  rules.flatMap(({ id: ruleId, name, action, mode }, number) => {
    const { count, failure, texts } = findings[number] ?? NOTHING;
    if (count === 0 && failure === null) return [];
    const matched = new Set(texts.flatMap((index) => origins[index] ?? []));
    const by = matched.size > 0 && { origins: [...matched] };
    return [{ ruleId, name, action, shadow: mode === "shadow", count, ...by, ...(failure && { failure }) }];
  });

const NOTHING: RuleFinding = { count: 0, failure: null, isUnredactable: false, texts: [] };

/**
 * Why the request must not be sent to a provider: the first rule, in order, that blocks it. Null: it may be sent. A
 * rule that failed and fails closed blocks, whatever its action is: it may have missed text to redact. Shadow rules
 * never block.
 */
export function refusalOf(rules: readonly GuardrailPolicy[], { rules: findings }: Findings): TollgateError | null {
  for (const [number, policy] of rules.entries()) {
    const refusal = policy.mode === "on" ? refusalBy(policy, findings[number] ?? NOTHING) : null;
    if (refusal) return refusal;
  }
  return null;
}

function refusalBy({ name, action, onFailure }: GuardrailPolicy, finding: RuleFinding): TollgateError | null {
  const { count, failure, isUnredactable } = finding;
  if (count > 0 && action === "block") return blocked(`The guardrail “${name}” blocks this request.`);
  if (isUnredactable) {
    const why = "matches a text that cannot be removed completely, such as a private key without its end";
    return blocked(`The guardrail “${name}” ${why}, so it blocks this request.`);
  }
  if (failure === null || onFailure === "open") return null;
  if (failure === "pattern")
    return blocked(`The guardrail “${name}” has an invalid pattern, so it blocks this request.`);
  if (failure === "time")
    return blocked(
      `The guardrail “${name}” could not check the whole request in time, or a text document in it is too large, so it blocks this request.`,
    );
  return new TollgateError("overloaded", `The guardrail “${name}” cannot check requests right now; try again.`, {
    retryAfterSeconds: 1,
  });
}

const blocked = (message: string): TollgateError => new TollgateError("guardrail_blocked", message);
