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
  retryFloorMs: number;
  retryAfterMaxMs: number;
  /** `[0, 1)`. */
  random: () => number;
}

const ATTEMPTS_PER_TARGET_MAX = 2;

/**
 * Normally one retry at the same target, then the next target. Exceptions:
 * - No free connection, the provider refused the credential, or it does not have the model: next target.
 * - A kept connection has ended: retry at once on a new connection.
 * - Rate limit or timeout: next target if there is another credential.
 * - The provider sent a retry delay: wait if it is short, otherwise next target.
 */
export function nextStep(failure: Failure, state: RetryState): NextStep {
  if (failure.code === "upstream_auth_error") return { kind: "next" };
  if (!failure.isRetryable) return { kind: "give_up" };
  if (failure.isOfTarget) return { kind: "next" };
  const isBusy = failure.upstreamStatus === 429;
  const isSlow = failure.code === "upstream_timeout";
  if (state.attemptsHere >= ATTEMPTS_PER_TARGET_MAX || failure.connection === "full") return { kind: "next" };
  if (failure.connection === "stale") return { kind: "again", afterMs: 0 };
  if ((isBusy || isSlow) && state.hasOther) return { kind: "next" };
  const floorMs = state.retryFloorMs * 2 ** state.pauses;
  const backoffMs = floorMs * (1 + state.random() / 2);
  if (failure.retryAfterMs === null) return { kind: "again", afterMs: backoffMs };
  if (failure.retryAfterMs > state.retryAfterMaxMs) return { kind: "next" };
  return { kind: "again", afterMs: Math.max(failure.retryAfterMs, backoffMs) };
}
