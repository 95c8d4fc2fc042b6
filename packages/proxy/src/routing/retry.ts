import type { Failure } from "../providers/adapter.ts";

/**
 * After a failed attempt: report the error to the client, try the next target, or try this target again after a
 * pause.
 */
export type NextStep = { kind: "give_up" } | { kind: "next" } | { kind: "again"; afterMs: number };

export interface RetryState {
  /** Attempts at this target so far, including this one. */
  attemptsHere: number;
  /** Pauses in this request so far. */
  pauses: number;
  /** Another target with a different credential has not been tried yet. */
  hasOther: boolean;
  retryPauseMs: number;
  retryAfterMaxMs: number;
  /** `[0, 1)`. */
  random: () => number;
  /** Whether the budget of retries has one for this target. True counts it. */
  takesRetry: () => boolean;
}

const ATTEMPTS_PER_TARGET_MAX = 2;

/** The gateway gave up waiting, for a connection or an answer. */
export const isOwnTimeout = ({ code, upstreamStatus }: Failure): boolean =>
  code === "upstream_timeout" && upstreamStatus === 0;

/** The same, and the provider may still be at work. */
export const isGivenUp = (failure: Failure): boolean => isOwnTimeout(failure) && failure.mayBeBilled;

/**
 * Normally one retry at the same target after a random pause, then the next target. Exceptions:
 * - No free connection, the provider refused the credential, it does not have the model, or it may still be at work: next
 *   target.
 * - A kept connection has ended: retry at once on a new connection.
 * - Rate limit or timeout: next target if there is another credential.
 * - The provider sent a retry delay: wait if it is short, otherwise next target. A rate limit without one: next target.
 * - Too many retries at this target lately: next target.
 */
export function nextStep(failure: Failure, state: RetryState): NextStep {
  if (failure.code === "upstream_auth_error") return { kind: "next" };
  if (!failure.isRetryable) return { kind: "give_up" };
  if (failure.isOfTarget || isGivenUp(failure)) return { kind: "next" };
  const isBusy = failure.code === "rate_limit_exceeded";
  const isSlow = failure.code === "upstream_timeout";
  if (state.attemptsHere >= ATTEMPTS_PER_TARGET_MAX || failure.connection === "full") return { kind: "next" };
  if (failure.connection === "stale") return { kind: "again", afterMs: 0 };
  if ((isBusy || isSlow) && state.hasOther) return { kind: "next" };
  const { retryAfterMs } = failure;
  if (isBusy && retryAfterMs === null) return { kind: "next" };
  if (retryAfterMs !== null && retryAfterMs > state.retryAfterMaxMs) return { kind: "next" };
  if (!state.takesRetry()) return { kind: "next" };
  // Calls that failed together must not come back together.
  const backoffMs = state.random() * state.retryPauseMs * 2 ** state.pauses;
  return { kind: "again", afterMs: (retryAfterMs ?? 0) + backoffMs };
}
