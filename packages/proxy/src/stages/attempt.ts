import { TollgateError } from "@tollgate/contracts/errors";
import { credentialLimits } from "../allowance/credential-limits.ts";
import { credentialRefusal, type Skip, skippedAttempt } from "../allowance/credential-refusal.ts";
import { extendHold } from "../allowance/extend.ts";
import { holdCredential } from "../allowance/hold-credential.ts";
import { cachedAnswer } from "../cached-answer.ts";
import type { Admitted, Answered, Candidate } from "../call.ts";
import { dispatchText } from "../dispatch-text.ts";
import { cutFailure, tollgateError } from "../failure.ts";
import type { Ports } from "../ports.ts";
import type { Failure } from "../providers/adapter.ts";
import { splitBaseUrl } from "../providers/base-url.ts";
import { isHealable, mayHeal, type Unmet } from "../routing/heals.ts";
import type { RefusedFields } from "../routing/lessons.ts";
import { noteFailure, noteSuccess } from "../routing/note-outcome.ts";
import { refusedBy } from "../routing/refused-by.ts";
import { isGivenUp, nextStep } from "../routing/retry.ts";
import { startAttempt } from "../routing/start-attempt.ts";

const ATTEMPTS_MAX = 5;

/**
 * Calls the candidates in order until one responds, and stores every attempt in the call. Retries and fallbacks happen
 * only here: after it returns, the client gets this response. Throws 499, 502, 503, 504 or the provider's 4xx.
 */
export async function attempt(ports: Ports, call: Admitted): Promise<Answered> {
  if (call.cached) return Object.assign(call, { candidate: null, attempt: null, answer: cachedAnswer(call.cached) });
  if (call.cut.reason) throw tollgateError(cutFailure(call.cut.reason));
  if (credentialLimits(call.grant.org).length > 0) call.credentialHolds = new Map();
  else await ports.spool.dispatched({ id: call.exchange.id, text: dispatchText(call) });
  const skips: Skip[] = [];
  // Credentials, and origins of providers that may still be at work. They are not tried again for this call.
  const spent = new Set<string>();
  const isSpent = ({ credential: { id, baseUrl } }: Candidate): boolean =>
    spent.size > 0 && (spent.has(id) || spent.has(splitBaseUrl(baseUrl).origin));
  let last: Failure | undefined;
  let pauses = 0;
  // Fields that the last attempt's provider refused. The call is sent once without them.
  let refused: RefusedFields | null = null;
  let hasLeftOut = false;
  let unmet: Unmet | null = null;
  for (const candidate of call.candidates) {
    if (isSpent(candidate) || (unmet && !mayHeal(unmet, candidate))) continue;
    const { target, credential, way } = candidate;
    const takesRetry = (): boolean => ports.retryBudget.takes(target.id);
    // A target that fails is tried after others as rarely as it is tried again.
    if (last && !ports.health.admits(target.id) && !takesRetry()) continue;
    if (!last) ports.retryBudget.offered(target.id);
    refused = null;
    for (let attemptsHere = 1; call.attempts.length < ATTEMPTS_MAX; attemptsHere++) {
      // If this target does not fit into the limits, a cheaper one may.
      if (last && !(await extendHold(ports, call, candidate))) break;
      const skip = call.credentialHolds && (await holdCredential(ports, call, candidate));
      if (skip) {
        skips.push(skip);
        call.skipped = [...(call.skipped ?? []), skippedAttempt(call, skip)];
        break;
      }
      if (call.cut.reason) throw tollgateError(cutFailure(call.cut.reason));
      if (!way.isLocal) ports.health.tries(target.id);
      const startedAt = performance.now();
      const { entry, arrival: arriving } = startAttempt(ports, call, candidate, {
        isFresh: attemptsHere > 1,
        ...(refused && { serving: ports.lessons.servingWithout(candidate, refused) }),
      });
      const arrival = await arriving;
      call.upstreamMs += performance.now() - startedAt;
      if (arrival.ok) {
        if (refused) ports.lessons.learn(call.grant.org.id, candidate, refused);
        // A stream has only begun and may still fail.
        if (arrival.answer.whole) noteSuccess(ports, call, candidate);
        call.candidate = candidate;
        call.attempt = entry;
        call.answer = arrival.answer;
        return call as Answered;
      }
      last = arrival.failure;
      if (call.cut.reason) throw tollgateError(last);
      refused = hasLeftOut ? null : refusedBy(last, call, candidate);
      if (refused) {
        hasLeftOut = true;
        // It is the same attempt at the target, and no failure of it.
        attemptsHere -= 1;
        continue;
      }
      noteFailure(ports, call, candidate, last);
      const isBusy = last.code === "rate_limit_exceeded" && !last.isOfTarget;
      if (isBusy || last.code === "upstream_auth_error") spent.add(credential.id);
      if (isGivenUp(last)) spent.add(splitBaseUrl(credential.baseUrl).origin);
      const hasOther = call.candidates.some((each) => each !== candidate && !isSpent(each));
      const { random, settings } = ports;
      const step = nextStep(last, { ...settings, attemptsHere, pauses, hasOther, random, takesRetry });
      const isUnmet = step.kind === "give_up" && isHealable(last, call.model);
      if (isUnmet) unmet = { failure: last, candidate };
      if (step.kind === "give_up" && !isUnmet) throw tollgateError(last);
      if (step.kind !== "again") break;
      if (last.connection === "stale") continue;
      pauses += 1;
      await pause(ports, call, step.afterMs);
    }
  }
  if (last) throw tollgateError(untilNextTry(ports, call, last));
  if (skips.length > 0) throw credentialRefusal(call, skips);
  throw new TollgateError("no_healthy_target", "No target could be tried.");
}

/** A long wait ends for the client when the first of the targets may be tried again. */
function untilNextTry({ health }: Ports, { candidates }: Admitted, failure: Failure): Failure {
  const { code, retryAfterMs } = failure;
  if (code !== "rate_limit_exceeded" || retryAfterMs === null) return failure;
  const restsMs = health.restsForMs(candidates.map(({ target }) => target.id));
  return restsMs > 0 && restsMs < retryAfterMs ? { ...failure, retryAfterMs: restsMs } : failure;
}

async function pause(ports: Ports, call: Admitted, ms: number): Promise<void> {
  const { cut } = call;
  const startedAt = performance.now();
  const controller = new AbortController();
  const stop = cut.listen(() => controller.abort());
  await ports.sleep(ms, controller.signal);
  stop();
  call.upstreamMs += performance.now() - startedAt;
  if (cut.reason) throw tollgateError(cutFailure(cut.reason));
}
