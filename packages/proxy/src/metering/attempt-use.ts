import type { Attempt, Use } from "@tollgate/contracts/usage-event";
import type { Admitted, Candidate } from "../call.ts";
import type { CutReason } from "../cut.ts";
import type { Settings } from "../ports.ts";
import type { AnswerReport } from "../wires/answer-report.ts";
import { outputTokensEstimate } from "./output-tokens-estimate.ts";

/**
 * How an attempt that may be billed ended. `left`: its client left or lost the key, or another attempt has answered first,
 * so we closed the connection. `broken`: the provider failed, or we ended it.
 */
export type AttemptEnd = "complete" | "left" | "broken";

/** A client that leaves or loses its key ends a call; a time limit or a shutdown of ours is no client's doing. */
export const endOf = (cutReason: CutReason | null): AttemptEnd =>
  cutReason === "client_left" || cutReason === "key_revoked" ? "left" : "broken";

/** Under a hard budget, what the provider may have made beyond what has reached us when the answer ends. */
const AHEAD_SHARE = 1.25;
const AHEAD_TOKENS = 16;

const atMost = (tokens: number, max: number | null): number => (max === null ? tokens : Math.min(tokens, max));

/**
 * What an attempt used that did not report all of it: the prompt and what was received, never above what was held for one
 * attempt. Under a hard budget the provider's bill must stay within the budget, whatever it charges. So the output counts
 * as held where nobody knows how much of it was made: the answer broke off, nothing of it was received, or it was to come
 * in one piece, which is sent when all of it is made.
 */
function estimated(call: Admitted, { usage, deliveredBytes }: AnswerReport, end: AttemptEnd): Use {
  const { asked, body, surface, promptTokensMax, outputTokensMax, isBudgeted } = call;
  const received = outputTokensEstimate(deliveredBytes);
  const isAhead = isBudgeted && end !== "complete" && received > 0;
  const estimate = atMost(isAhead ? Math.ceil(received * AHEAD_SHARE) + AHEAD_TOKENS : received, outputTokensMax);
  const mayBeAll = isBudgeted && (end === "broken" || (end === "left" && (received === 0 || !asked.stream)));
  const output = (mayBeAll ? outputTokensMax : null) ?? estimate;
  // Half a report is the provider's word: it is not cut.
  if (usage) return { ...usage.use, output: Math.max(usage.use.output, output) };
  const input = mayBeAll ? promptTokensMax : Math.min(surface.wire.bound.promptTokensEstimate(body), promptTokensMax);
  return { input, output };
}

/** Records on an attempt what it used, what it costs and what limits count of it. True: that is estimated. */
export function noteUse(
  call: Admitted,
  { price }: Candidate,
  attempt: Attempt,
  report: AnswerReport,
  end: AttemptEnd,
  brokenAnswers: Settings["brokenAnswers"],
): boolean {
  const { usage } = report;
  const isReported = usage?.final === true;
  const use = isReported ? usage.use : estimated(call, report, end);
  const costOf = (used: Use): string | null => {
    const cost = price?.cost(used) ?? null;
    return cost === null ? null : String(cost);
  };
  const counted = costOf(use);
  attempt.use = use;
  attempt.costNano = counted;
  if (end === "broken" && brokenAnswers !== "estimate") {
    attempt.costNano = brokenAnswers === "reported" && usage ? costOf(usage.use) : "0";
    if (attempt.costNano !== counted) attempt.countedNano = counted;
  }
  return !isReported;
}

/** An attempt that the provider was not asked for, or has refused. */
export function noteNoUse(attempt: Attempt): void {
  attempt.use = null;
  attempt.costNano = "0";
}
