import { TollgateError } from "@tollgate/contracts/errors";
import { type Attempt, SKIPPED_BY_LIMIT } from "@tollgate/contracts/usage-event";
import type { BearingEntry } from "@tollgate/limits/decide";
import type { Admitted, Candidate } from "../call.ts";
import { openAttempt } from "../event.ts";
import { secondsUntil } from "./limit-headers.ts";
import { UNIT_WORDS, WINDOW_WORDS } from "./limit-refusal.ts";

/** A target that is not tried: a limit of its credential refuses, cannot be checked, or needs a price that is unknown. */
export interface Skip {
  kind: "refused" | "unchecked" | "unpriced";
  candidate: Candidate;
  entry: BearingEntry;
}

const REASONS = {
  refused: "does not allow this attempt",
  unchecked: "cannot be checked right now",
  unpriced: "needs a price, and the price of this model is unknown",
} as const;

const limitOf = ({ candidate, entry }: Skip): string => {
  const window = entry.unit === "concurrent" ? "" : ` (${WINDOW_WORDS[entry.limit.window]})`;
  return `The ${UNIT_WORDS[entry.unit]} of the credential ${candidate.credential.name}${window}`;
};

/** The record of a skipped target, in the order of attempts. */
export const skippedAttempt = (call: Admitted, skip: Skip): Attempt => ({
  ...openAttempt(skip.candidate, performance.now() - call.startedAt),
  error: SKIPPED_BY_LIMIT,
  message: `${limitOf(skip)} ${REASONS[skip.kind]}.`,
  costNano: "0",
  credentialId: skip.candidate.credential.id,
  unsent: true,
});

/** When the limit may have room: seconds; null: never by itself. */
function roomInSeconds({ entry: { unit, resetsAtMs } }: Skip, nowMs: number): number | null {
  if (unit === "concurrent") return 1;
  return resetsAtMs === null ? null : secondsUntil(resetsAtMs, nowMs);
}

/** The error of a call whose targets were all skipped: 429 with the soonest time at which one of them may have room. */
export function credentialRefusal(
  { model, exchange }: Pick<Admitted, "model" | "exchange">,
  skips: readonly Skip[],
): TollgateError {
  const refused = skips.filter(({ kind }) => kind === "refused");
  if (refused.length === 0) {
    if (skips.some(({ kind }) => kind === "unchecked"))
      return new TollgateError("limit_store_unavailable", "A limit cannot be checked right now; try again.");
    const message = `A budget applies and the price of ${model.name} is unknown, so it cannot be used.`;
    return new TollgateError("model_not_priced", message, { param: "model" });
  }
  const waits = refused.map((skip) => ({
    skip,
    seconds: roomInSeconds(skip, exchange.atMs) ?? Number.POSITIVE_INFINITY,
  }));
  const { skip, seconds } = waits.reduce((soonest, each) => (each.seconds < soonest.seconds ? each : soonest));
  const { resetsAtMs, limit, unit } = skip.entry;
  const resetsAt = resetsAtMs === null ? undefined : new Date(resetsAtMs).toISOString();
  const until = resetsAt ? ` It resets at ${resetsAt}.` : "";
  const message = `Every target of ${model.name} is at a limit of its credential. ${limitOf(skip)} does not allow this request.${until}`;
  return new TollgateError("rate_limit_exceeded", message, {
    scope: `credential ${skip.candidate.credential.name}`,
    window: limit.window,
    ...(resetsAt !== undefined && { resetsAt }),
    ...(Number.isFinite(seconds) && { retryAfterSeconds: seconds }),
    ...(unit === "usd" && { headers: { "x-should-retry": "false" } }),
  });
}
