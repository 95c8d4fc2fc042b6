import type { Failure } from "../providers/adapter.ts";

/** What to do after a failed attempt: say so to the client, try the next target, or this one again after a pause. */
export type NextStep = { kind: "give_up" } | { kind: "next" } | { kind: "again"; afterMs: number };

export interface RetryState {
  /** Attempts at this target so far, this one included. */
  attemptsHere: number;
  /** Pauses made for this request so far. */
  pauses: number;
  /** A target that does not share this one's credential is left. */
  hasOther: boolean;
  retryFloorMs: number;
  retryAfterMaxMs: number;
  /** `[0, 1)`. */
  random: () => number;
}

const ATTEMPTS_PER_TARGET_MAX = 2;

/**
 * One more try at the same target, then the next. A provider without a free connection is not waited for again; one whose
 * kept connection ended is asked on a new one at once; one that refuses our credential is not asked again with it; one
 * that names its own pause gets it if that is short, unless another provider can answer now; a timeout is not waited
 * through twice.
 */
export function nextStep(failure: Failure, state: RetryState): NextStep {
  if (failure.code === "upstream_auth_error") return { kind: "next" };
  if (!failure.isRetryable) return { kind: "give_up" };
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
