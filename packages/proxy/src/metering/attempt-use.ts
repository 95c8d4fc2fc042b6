import { OPERATIONS } from "@tollgate/catalog/operations";
import type { Attempt, Use } from "@tollgate/contracts/usage-event";
import type { Admitted, Candidate } from "../call.ts";
import type { CutReason } from "../cut.ts";
import type { Settings } from "../ports.ts";
import type { AnswerReport } from "../wires/answer-report.ts";
import { attemptPrice } from "./attempt-price.ts";
import { outputTokensEstimate } from "./output-tokens-estimate.ts";

/**
 * How an attempt that may be billed ended. `left`: the gateway closed the connection, because the client left, its
 * key was revoked, or another attempt answered first. `broken`: the provider failed, or a time limit or shutdown
 * ended it.
 */
export type AttemptEnd = "complete" | "left" | "broken";

/** `left` when the client left or its key was revoked; `broken` when a time limit or a shutdown ended the call. */
export const endOf = (cutReason: CutReason | null): AttemptEnd =>
  cutReason === "client_left" || cutReason === "key_revoked" ? "left" : "broken";

// Under a blocking budget: output that the provider may have generated and not yet sent when an answer is cut.
const AHEAD_SHARE = 1.25;
const AHEAD_TOKENS = 16;

const atMost = (tokens: number, max: number | null): number => (max === null ? tokens : Math.min(tokens, max));

/**
 * Estimated usage of an attempt that did not report all of it: the prompt and the received output, at most the hold
 * for one attempt. Under a blocking budget the provider's bill must stay within the budget. So the full held output
 * counts when the generated amount is unknown: the answer broke off, no output was received, or the answer was not
 * streamed.
 */
function estimated(call: Admitted, { usage, deliveredBytes }: AnswerReport, end: AttemptEnd): Use {
  const { asked, body, bound, surface, promptTokensMax, outputTokensMax, isBudgeted } = call;
  const received = outputTokensEstimate(deliveredBytes);
  const isAhead = isBudgeted && end !== "complete" && received > 0;
  const estimate = atMost(isAhead ? Math.ceil(received * AHEAD_SHARE) + AHEAD_TOKENS : received, outputTokensMax);
  const mayBeAll = isBudgeted && (end === "broken" || (end === "left" && (received === 0 || !asked.stream)));
  const output = (mayBeAll ? outputTokensMax : null) ?? estimate;
  const input = mayBeAll ? promptTokensMax : Math.min(surface.wire.bound.promptTokensEstimate(body), promptTokensMax);
  // Amounts that the provider has reported are never reduced.
  if (usage) {
    const { use, lacksInput, final } = usage;
    return { ...use, input: lacksInput ? input : use.input, output: final ? use.output : Math.max(use.output, output) };
  }
  if (OPERATIONS[surface.wire.operation].isBounded) return { input, output };
  // Images, seconds or characters follow from the request, so the held amounts are the estimate.
  return { ...bound, input: Math.min(input, bound.input), output };
}

/**
 * Records on an attempt its usage, its cost and the amount that limits count. True when these are estimated. If the provider
 * reports the cost, that is the cost, and the one at our price is recorded beside it.
 */
export function noteUse(
  call: Admitted,
  candidate: Candidate,
  attempt: Attempt,
  report: AnswerReport,
  end: AttemptEnd,
  brokenAnswers: Settings["brokenAnswers"],
): boolean {
  const { usage } = report;
  const isReported = usage?.final === true && !usage.lacksInput;
  const use = isReported ? usage.use : estimated(call, report, end);
  const told = usage?.told ?? report.told;
  const { price: settled, served, answeredModel } = attemptPrice(call, candidate, told);
  // How the call was served is not known, so under a blocking budget it counts as the most expensive way.
  const isOpen = !isReported && call.isBudgeted && told?.tier === undefined;
  const price = isOpen ? (candidate.maxPrice ?? settled) : settled;
  call.priceVersion = price?.version ?? null;
  const costOf = (used: Use): string | null => {
    const cost = price?.cost(used) ?? null;
    return cost === null ? null : String(cost);
  };
  const counted = costOf(use);
  attempt.use = use;
  attempt.costNano = counted;
  if (served.length > 0) attempt.served = [...served];
  if (answeredModel !== undefined) attempt.answeredModel = answeredModel;
  const reported = isReported && candidate.provider.reportsCost ? usage.told?.costNano : undefined;
  if (reported !== undefined) {
    attempt.costNano = String(reported);
    attempt.computedNano = counted;
    return false;
  }
  if (end === "broken" && brokenAnswers !== "estimate") {
    attempt.costNano = brokenAnswers === "reported" && usage ? costOf(usage.use) : "0";
    if (attempt.costNano !== counted) attempt.countedNano = counted;
  }
  return !isReported;
}

/** Records an attempt that never reached the provider, or that the provider refused. */
export function noteNoUse(attempt: Attempt): void {
  attempt.use = null;
  attempt.costNano = "0";
}
