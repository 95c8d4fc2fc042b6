import { usdString } from "@tollgate/contracts/money";
import { type Attempt, NO_TOKENS, type Tokens, type UsageEvent } from "@tollgate/contracts/usage-event";
import type { Answered, Candidate, Ending, Trace } from "../call.ts";
import type { Settings } from "../ports.ts";
import type { AnswerReport, UsageReport } from "../providers/adapter.ts";
import { outputTokensEstimate, promptTokensEstimate } from "../providers/estimate.ts";

/** What a stream's usage chunk says of its cost. */
export const costUsd = ({ price }: Candidate, { tokens }: UsageReport): string | null =>
  price && usdString(price.cost(tokens));

/** Writes an attempt's own use beside it; null: none was reported. */
export function noteUsage(attempt: Attempt, { price }: Candidate, tokens: Tokens | null): void {
  attempt.tokens = tokens;
  attempt.costNano = tokens === null ? "0" : price ? String(price.cost(tokens)) : null;
}

export type AnswerOutcome = Extract<UsageEvent["outcome"], "complete" | "failed" | "client_left" | "cut">;

type Use = Pick<Ending, "tokens" | "source" | "cost" | "pricing" | "priceVersion">;

/** What is paid for an answer that broke off with or without a report of its use. */
const isPaid = (brokenAnswers: Settings["brokenAnswers"], isReported: boolean): boolean =>
  brokenAnswers === "estimate" || (brokenAnswers === "reported" && isReported);

/**
 * The tokens and cost of a call, all its attempts together. What the provider did not report is estimated from the
 * prompt and what was delivered; whether a provider that failed midway is paid, `brokenAnswers` says.
 */
export function totalUse(
  call: Answered,
  candidate: Candidate,
  report: AnswerReport,
  outcome: AnswerOutcome,
  brokenAnswers: Settings["brokenAnswers"],
): Use {
  const { trace } = call;
  const attempt = trace.attempts.at(-1);
  const isReported = report.usage?.final === true;
  const tokens = isReported ? (report.usage?.tokens ?? NO_TOKENS) : estimated(call, report);
  for (const flag of report.usage?.flags ?? []) trace.flags.add(flag);
  if (!isReported && outcome === "complete") trace.flags.add("usage_missing");
  if (attempt) {
    noteUsage(attempt, candidate, tokens);
    if (outcome === "failed" && !isPaid(brokenAnswers, isReported)) attempt.costNano = "0";
  }
  const use = sumAttempts(trace.attempts);
  if (use.cost !== null && trace.heldNano !== null && use.cost > trace.heldNano) trace.flags.add("over_hold");
  return {
    ...use,
    source: isReported ? "provider" : "estimated",
    pricing: use.cost === null ? "unpriced" : "priced",
    priceVersion: candidate.price?.version ?? null,
  };
}

/** What a call that was cut is taken to have used: the provider has the prompt, the client what was delivered. */
export function estimated({ body }: Pick<Answered, "body">, { usage, deliveredChars }: AnswerReport): Tokens {
  const output = outputTokensEstimate(deliveredChars);
  if (usage) return { ...usage.tokens, output: Math.max(usage.tokens.output, output) };
  return { ...NO_TOKENS, input: promptTokensEstimate(body), output };
}

/** One request is one event: its tokens and cost are the sum over attempts. An unknown cost makes the sum unknown. */
export function sumAttempts(attempts: readonly Attempt[]): { tokens: Tokens; cost: bigint | null } {
  const [only] = attempts;
  if (attempts.length === 1 && only) {
    return { tokens: only.tokens ?? NO_TOKENS, cost: only.costNano === null ? null : BigInt(only.costNano) };
  }
  const tokens = { ...NO_TOKENS };
  let cost: bigint | null = 0n;
  for (const attempt of attempts) {
    for (const name of Object.keys(NO_TOKENS) as (keyof Tokens)[]) tokens[name] += attempt.tokens?.[name] ?? 0;
    cost = cost === null || attempt.costNano === null ? null : cost + BigInt(attempt.costNano);
  }
  return { tokens, cost };
}

/** Failed attempts may have cost something too. */
export function useOfFailed({ attempts, cut, priceVersion }: Trace): Use {
  const { tokens, cost } = sumAttempts(attempts);
  const isUsed = tokens.input + tokens.output > 0;
  return {
    tokens,
    cost,
    source: !isUsed ? "none" : cut?.reason ? "estimated" : "provider",
    pricing: cost === null ? "unpriced" : isUsed ? "priced" : "free",
    priceVersion: isUsed ? priceVersion : null,
  };
}
