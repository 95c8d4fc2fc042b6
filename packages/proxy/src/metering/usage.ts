import { usdString } from "@tollgate/contracts/money";
import type { Attempt, UsageEvent, Use } from "@tollgate/contracts/usage-event";
import type { Admitted, Answered, Call, Candidate, Ending } from "../call.ts";
import type { Settings } from "../ports.ts";
import type { AnswerReport, UsageReport } from "../wires/answer-report.ts";
import { attemptPrice } from "./attempt-price.ts";
import { endOf, noteUse } from "./attempt-use.ts";

/** The cost that the usage chunk of a stream shows. */
export function costUsd(call: Admitted, candidate: Candidate, { use, told }: UsageReport): string | null {
  const reported = candidate.provider.reportsCost ? told?.costNano : undefined;
  const cost = reported ?? attemptPrice(call, candidate, told).price?.cost(use) ?? null;
  return cost === null ? null : usdString(cost);
}

export type AnswerOutcome = Extract<UsageEvent["outcome"], "complete" | "failed" | "client_left" | "cut">;

type EndingUse = Pick<Ending, "use" | "source" | "cost" | "counted" | "pricing" | "priceVersion">;

/** Usage and cost of an answered call, summed over its attempts. */
export function totalUse(
  call: Answered,
  candidate: Candidate,
  report: AnswerReport,
  outcome: AnswerOutcome,
  brokenAnswers: Settings["brokenAnswers"],
): EndingUse {
  const { attempt, flags, cut } = call;
  for (const flag of report.usage?.flags ?? []) flags.add(flag);
  const end = outcome === "complete" ? outcome : endOf(outcome === "failed" ? null : cut.reason);
  const isEstimated = attempt ? noteUse(call, candidate, attempt, report, end, brokenAnswers) : false;
  if (isEstimated && outcome === "complete") flags.add("usage_missing");
  const use = sumAttempts(call);
  return {
    ...use,
    source: isEstimated ? "estimated" : "provider",
    pricing: use.cost === null ? "unpriced" : "priced",
    priceVersion: call.priceVersion,
  };
}

export interface Sums {
  use: Use;
  /** nano-USD; null when the price of one attempt is unknown. */
  cost: bigint | null;
  counted: bigint | null;
}

const sum = (amounts: readonly (string | null)[]): bigint | null => {
  let total = 0n;
  for (const amount of amounts) {
    if (amount === null) return null;
    total += BigInt(amount);
  }
  return total;
};

const countedOf = ({ costNano, countedNano }: Attempt): string | null =>
  countedNano === undefined ? costNano : countedNano;

/** One request is one event: its tokens and cost are the sum over its attempts. */
export function sumAttempts({ attempts, heldNano, flags }: Pick<Call, "attempts" | "heldNano" | "flags">): Sums {
  const [only] = attempts;
  const use: Use = (attempts.length === 1 && only?.use) || { input: 0, output: 0 };
  for (const attempt of attempts.length === 1 ? [] : attempts) {
    for (const [unit, amount] of Object.entries(attempt.use ?? {})) if (amount) use[unit] = (use[unit] ?? 0) + amount;
  }
  const cost = sum(attempts.map(({ costNano }) => costNano));
  const counted = sum(attempts.map(countedOf));
  if (heldNano !== null && ((cost ?? 0n) > heldNano || (counted ?? 0n) > heldNano)) flags.add("over_hold");
  // When only the counted amount is unknown, the call counts with its hold.
  return { use, cost, counted: counted ?? (cost === null ? null : heldNano) };
}

/** Usage and cost of a call that failed; its attempts may have been billed. */
export function useOfFailed(call: Call): EndingUse {
  const sums = sumAttempts(call);
  const isUsed = Object.values(sums.use).some((amount) => amount);
  return {
    ...sums,
    source: !isUsed ? "none" : call.flags.has(ATTEMPT_ESTIMATED) ? "estimated" : "provider",
    pricing: sums.cost === null ? "unpriced" : isUsed ? "priced" : "free",
    priceVersion: isUsed ? call.priceVersion : null,
  };
}

/** Event flag: a failed attempt may have been billed, and its usage is estimated. */
export const ATTEMPT_ESTIMATED = "attempt_estimated";
