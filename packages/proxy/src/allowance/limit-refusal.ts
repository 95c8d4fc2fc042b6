import { TollgateError } from "@tollgate/contracts/errors";
import type { OrgPolicy } from "@tollgate/contracts/grant";
import { type Limit, scopeWords } from "@tollgate/contracts/limit";
import { usdString } from "@tollgate/contracts/money";
import type { UsageEvent } from "@tollgate/contracts/usage-event";
import type { BearingEntry } from "@tollgate/limits/decide";
import type { Refusal } from "@tollgate/limits/store";
import { addLimitHeaders, secondsUntil } from "./limit-headers.ts";

export const WINDOW_WORDS = {
  minute: "per minute",
  hour: "per hour",
  day: "daily",
  week: "weekly",
  month: "monthly",
  quarter: "quarterly",
  total: "total",
} as const;
export const UNIT_WORDS = {
  usd: "budget",
  requests: "request limit",
  tokens: "token limit",
  concurrent: "concurrency limit",
};

const whose = ({ limit: { scope, subjectName }, subject }: BearingEntry): string => {
  // The caller has sent the run's name, so the error may show it, also for a limit on each run.
  const name = scope === "run" ? subject : subjectName;
  return name ? `${scopeWords(scope)} ${name}` : scopeWords(scope);
};

const amountOf = (unit: Limit["unit"], amount: bigint): string => {
  if (unit === "usd") return `$${usdString(amount)}`;
  return unit === "tokens" ? `${amount} tokens` : String(amount);
};

/** The limit that refused the call and its subject, for the ledger. */
export function refusing(entries: readonly BearingEntry[], { refusedBy }: Refusal): UsageEvent["refusedBy"] {
  const entry = entries[refusedBy];
  return entry ? { limitId: entry.limitId, subject: entry.subject } : null;
}

/** The error names the limit, its subject and its reset time. It shows amounts only for limits of the key itself and of a run. */
export function limitRefusal(
  entries: readonly BearingEntry[],
  { refusedBy, state }: Refusal,
  org: OrgPolicy,
  nowMs: number,
): TollgateError {
  const entry = entries[refusedBy];
  if (!entry) return new TollgateError("rate_limit_exceeded", "A limit refuses this request.");
  const { limit, unit, cap, amount, resetsAtMs } = entry;
  // A later window does not help: it has no more room than this one.
  const isTooLarge = unit !== "concurrent" && amount > cap;
  const resetsAt = resetsAtMs === null ? undefined : new Date(resetsAtMs).toISOString();
  const window = unit === "concurrent" ? "" : ` (${WINDOW_WORDS[limit.window]})`;
  const own = limit.scope === "key" || limit.scope === "run" ? ` of ${amountOf(unit, cap)}` : "";
  const until = isTooLarge
    ? " The request may use more than the whole limit."
    : resetsAt
      ? ` It resets at ${resetsAt}.`
      : "";
  const used = limit.scope === "run" ? ` The run has used ${amountOf(unit, state.committed + state.held)}.` : "";
  const message = `The ${UNIT_WORDS[unit]}${own} of the ${whose(entry)}${window} does not allow this request.${used}${until}`;
  const detail = {
    scope: whose(entry),
    window: limit.window,
    ...(resetsAt !== undefined && { resetsAt }),
  };
  if (unit === "usd") {
    const code = org.budgetErrorStatus === 429 ? "insufficient_quota" : "budget_exceeded";
    return new TollgateError(code, message, { ...detail, headers: { "x-should-retry": "false" } });
  }
  const headers: Record<string, string> = isTooLarge ? { "x-should-retry": "false" } : {};
  addLimitHeaders(headers, [entry], [state], nowMs);
  return new TollgateError("rate_limit_exceeded", message, {
    ...detail,
    retryAfterSeconds: unit === "concurrent" || resetsAtMs === null ? 1 : secondsUntil(resetsAtMs, nowMs),
    headers,
  });
}
