import { TollgateError } from "@tollgate/contracts/errors";
import type { Attempt } from "@tollgate/contracts/usage-event";
import { type Arrival, Awaited } from "../answer.ts";
import { cachedAnswer } from "../cached-answer.ts";
import type { Admitted, Answered, Candidate } from "../call.ts";
import { interruptedEvent } from "../event.ts";
import { cutFailure, tollgateError, unopenable } from "../failure.ts";
import { costUsd, estimated, noteUsage } from "../metering/usage.ts";
import type { Ports } from "../ports.ts";
import { type Failure, type Flight, NOTHING_YET } from "../providers/adapter.ts";
import { nextStep } from "../routing/retry.ts";

const ATTEMPTS_MAX = 5;
/** How long a credential its provider refused is kept for last. */
const REFUSED_CREDENTIAL_MS = 60_000;

/**
 * Calls the candidates in order until one answers; every attempt is kept on the trace. Only here may a call be made
 * again: once this returns, the client gets that answer or its failure. Throws 499, 502, 503, 504 or the provider's 4xx.
 */
export async function attempt(ports: Ports, call: Admitted): Promise<Answered> {
  if (call.cached) return { ...call, candidate: null, answer: cachedAnswer(call.cached) };
  if (call.cut.reason) throw tollgateError(cutFailure(call.cut.reason));
  ports.spool.dispatched({ id: call.exchange.id, event: interruptedEvent(call) });
  const spent = new Set<string>();
  let last: Failure | undefined;
  let pauses = 0;
  for (const candidate of call.candidates) {
    if (spent.has(candidate.credential.id)) continue;
    for (let attemptsHere = 1; call.trace.attempts.length < ATTEMPTS_MAX; attemptsHere++) {
      const arrival = await fly(ports, call, candidate);
      if (arrival.ok) return { ...call, candidate, answer: arrival.answer };
      last = arrival.failure;
      if (call.cut.reason) throw tollgateError(last);
      noteHealth(ports, candidate, last);
      if (last.upstreamStatus === 429 || last.code === "upstream_auth_error") spent.add(candidate.credential.id);
      const { retryFloorMs, retryAfterMaxMs } = ports.settings;
      const hasOther = call.candidates.some(({ credential, target }) => {
        return !spent.has(credential.id) && target !== candidate.target;
      });
      const state = { attemptsHere, pauses, hasOther, retryFloorMs, retryAfterMaxMs, random: ports.random };
      const step = nextStep(last, state);
      if (step.kind === "give_up") throw tollgateError(last);
      if (step.kind === "next") break;
      pauses += 1;
      await pause(ports, call, step.afterMs);
    }
  }
  throw last ? tollgateError(last) : new TollgateError("no_healthy_target", "No target could be tried.");
}

async function fly(ports: Ports, call: Admitted, candidate: Candidate): Promise<Arrival> {
  const { trace, asked, cut } = call;
  const startedAt = performance.now();
  const entry = openAttempt(candidate, startedAt - trace.startedAt);
  trace.attempts.push(entry);
  ports.health.tries(candidate.target.id);
  const awaited = new Awaited(asked.stream);
  trace.priceVersion = candidate.price?.version ?? null;
  const flight = depart(ports, call, candidate, awaited);
  const arrival = await awaited.arrival;
  cut.listen(null);
  entry.durationMs = performance.now() - startedAt;
  trace.upstreamMs += entry.durationMs;
  if (arrival.ok) {
    entry.status = arrival.answer.head.status;
    ports.health.succeeded(candidate.target.id);
  } else {
    entry.status = arrival.failure.upstreamStatus;
    entry.error = arrival.failure.code;
    entry.message = arrival.failure.message.slice(0, 500);
    // Who leaves or loses the key pays for what the provider was already asked; who waited too long does not.
    const isOwed = cut.reason !== null && cut.reason !== "deadline" && flight?.isSent();
    const { report } = arrival;
    noteUsage(entry, candidate, isOwed ? estimated(call, report) : (report.usage?.tokens ?? null));
    if (arrival.failure.internal) {
      ports.log.warn(
        { requestId: call.exchange.id, target: entry.targetId, err: arrival.failure.internal },
        "attempt failed",
      );
    }
  }
  return arrival;
}

function depart(ports: Ports, call: Admitted, candidate: Candidate, awaited: Awaited): Flight | null {
  const { grant, asked, cut } = call;
  let secret: string;
  try {
    secret = ports.vault.open(grant.org.id, candidate.credential).reveal();
  } catch (error) {
    awaited.fail(unopenable(error), NOTHING_YET);
    return null;
  }
  const flight = candidate.adapter(
    {
      provider: candidate.provider,
      baseUrl: candidate.credential.baseUrl,
      upstreamModel: candidate.target.upstreamModel,
      secret,
      body: call.body,
      raw: call.raw,
      maxOutputTokens: call.clampedTokens,
      promptTokensMax: call.promptTokensMax,
      stream: asked.stream,
      wantsUsage: asked.wantsUsage,
      costUsd: (usage) => costUsd(candidate, usage),
      upstream: ports.upstream,
      now: ports.now,
    },
    awaited,
  );
  awaited.follow(flight);
  cut.listen((reason) => {
    flight.abort();
    awaited.fail(cutFailure(reason), flight.report());
  });
  return flight;
}

const openAttempt = ({ target, provider }: Candidate, startedMs: number): Attempt => ({
  targetId: target.id,
  provider: provider.id,
  upstreamModel: target.upstreamModel,
  status: 0,
  error: null,
  message: null,
  startedMs,
  durationMs: 0,
  tokens: null,
  costNano: null,
});

function noteHealth(ports: Ports, { target, credential }: Candidate, failure: Failure): void {
  if (failure.code === "upstream_auth_error") ports.health.rest(credential.id, REFUSED_CREDENTIAL_MS);
  else if (failure.upstreamStatus === 429 && failure.retryAfterMs) ports.health.rest(target.id, failure.retryAfterMs);
  else if (failure.isRetryable && failure.upstreamStatus !== 429) ports.health.failed(target.id);
}

async function pause(ports: Ports, { cut, trace }: Admitted, ms: number): Promise<void> {
  const startedAt = performance.now();
  const controller = new AbortController();
  cut.listen(() => controller.abort());
  await ports.sleep(ms, controller.signal);
  cut.listen(null);
  trace.upstreamMs += performance.now() - startedAt;
  if (cut.reason) throw tollgateError(cutFailure(cut.reason));
}
