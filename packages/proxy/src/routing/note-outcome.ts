import type { Candidate, Parsed } from "../call.ts";
import type { Ports } from "../ports.ts";
import type { Failure } from "../providers/adapter.ts";
import { mayQuote } from "./may-quote.ts";
import { isOwnTimeout } from "./retry.ts";

type Asking = Pick<Parsed, "grant" | "timeouts" | "raw" | "exchange">;

/** A complete answer: the target works, and so does its credential. */
export function noteSuccess(
  { health, pauses }: Ports,
  { grant }: Pick<Asking, "grant">,
  { target, credential, way }: Candidate,
): void {
  if (way.isLocal) return;
  health.succeeded(target.id, grant.key.id);
  pauses.resume(credential.id);
}

/**
 * What a failure says about the target and its credential. What the caller caused, what only the gateway could not read,
 * and the state of its own connections say nothing about them.
 */
export function noteFailure(
  { health, pauses }: Ports,
  asking: Asking,
  { target, credential, way }: Candidate,
  failure: Failure,
): void {
  const { grant, timeouts } = asking;
  const { pause, connection, isOfTarget, isOurs, isRetryable, code, retryAfterMs } = failure;
  // A model that the provider does not have, or a request that is too large for it, says nothing about its health, and
  // its text may quote the request.
  // The caller had less patience than the operator.
  if (timeouts && isOwnTimeout(failure)) return;
  if (way.isLocal || connection || isOfTarget || isOurs || !isRetryable) return;
  // A caller must not be able to make a credential look refused.
  if (pause?.words !== undefined && mayQuote(asking, pause.words)) return;
  if (pause) pauses.pause(grant.org.id, credential.id, pause.reason, pause.forMs);
  else if (code === "rate_limit_exceeded" && retryAfterMs) health.rest(target.id, retryAfterMs);
  else health.failed(target.id, grant.key.id);
}
