import type { Serving } from "@tollgate/catalog/providers";
import type { Attempt } from "@tollgate/contracts/usage-event";
import type { Resource } from "@tollgate/vault/resource-id";
import { giveBackHold, takeHold } from "../allowance/extend.ts";
import { type Arrival, PendingAnswer } from "../answer.ts";
import type { Admitted, Candidate } from "../call.ts";
import { openAttempt } from "../event.ts";
import { CANCELLED, cancelledAttempt, cutFailure } from "../failure.ts";
import { keptIdOf } from "../kept/keep-response.ts";
import { endOf, noteNoUse, noteUse } from "../metering/attempt-use.ts";
import { ATTEMPT_ESTIMATED, costUsd } from "../metering/usage.ts";
import type { Ports } from "../ports.ts";
import type { AnswerSink, Failure, Flight } from "../providers/adapter.ts";
import { DeferredFlight } from "../providers/auth/deferred-flight.ts";
import { credentialFailure, type ReadyCredential, readyCredential } from "../providers/auth/ready-credential.ts";
import { withoutEndpoint } from "../providers/base-url.ts";
import { failureOfFault } from "../providers/failure.ts";
import { filledPath } from "../providers/filled-path.ts";
import type { UpstreamFault } from "../upstream-fault.ts";
import { type AnswerReport, NOTHING_YET } from "../wires/answer-report.ts";
import { kindInAnswer } from "./stored-objects.ts";
import { type AttemptTimeouts, attemptTimeouts } from "./timeouts.ts";

const MESSAGE_CHARS_MAX = 500;

/**
 * One attempt at one target. Several attempts of a call may run at the same time, each with its own connection, reader,
 * timers and entry. They share the call's hold; each takes the most that it may use from it.
 */
export interface RunningAttempt {
  /** The attempt's entry in the call; complete when the attempt has ended. */
  readonly entry: Attempt;
  /** Resolves with the first byte of a stream, a whole non-streamed answer, or the failure. Never rejects. */
  readonly arrival: Promise<Arrival>;
  /**
   * Ends only this attempt and records what it may be billed for. An answer that is being metered ends with
   * `Answer.abort`.
   */
  cancel(): void;
}

export interface Attempting {
  /** Uses a new connection, because the attempt before it was at the same target. */
  isFresh: boolean;
  /** Default: the provider's row, with what was learnt about the target. */
  serving?: Serving;
}

export function startAttempt(
  ports: Ports,
  call: Admitted,
  candidate: Candidate,
  { isFresh, serving = ports.lessons.servingOf(candidate) }: Attempting,
): RunningAttempt {
  const { asked, cut } = call;
  const startedAt = performance.now();
  const entry = openAttempt(candidate, startedAt - call.startedAt);
  nameCredentials(call, candidate, entry);
  call.attempts.push(entry);
  call.priceVersion = candidate.price?.version ?? null;
  takeHold(call, candidate);
  const pending = new PendingAnswer(asked.stream);
  let credential: ReadyCredential | undefined;
  const attempting = { isFresh, serving };
  const timeouts = attemptTimeouts(call.timeouts, candidate.target, call.model);
  const flight = depart(ports, call, candidate, timeouts, attempting, pending, (ready) => (credential = ready));
  if (flight) pending.follow(flight);
  let isCancelled = false;
  let arrived: Arrival | undefined;

  const end = (failure: Failure): void => {
    flight?.abort();
    pending.fail(failure, flight?.report() ?? NOTHING_YET);
  };
  const firstTokenMs = timeouts.firstTokenMs ?? ports.settings.firstTokenTimeoutMs;
  const isSilent = (): boolean => !pending.isOver && flight?.hasOutput?.() === false;
  const silence = asked.stream
    ? setTimeout(() => isSilent() && end(failureOfFault(noToken(firstTokenMs))), firstTokenMs)
    : undefined;
  const stop = flight && cut.listen((reason) => end(cutFailure(reason)), ports.settings.leftDrainMs);
  const noteFailure = (failure: Failure, report: AnswerReport): void => {
    entry.status = failure.upstreamStatus;
    entry.error = isCancelled ? CANCELLED : failure.code;
    entry.message = failure.message.slice(0, MESSAGE_CHARS_MAX);
    if (report.usage !== null || (failure.mayBeBilled && flight?.isSent())) {
      const how = isCancelled ? "left" : endOf(cut.reason);
      const isEstimated = noteUse(call, candidate, entry, report, how, ports.settings.brokenAnswers);
      if (isEstimated) call.flags.add(ATTEMPT_ESTIMATED);
      else giveBackHold(call, candidate, entry);
    } else {
      noteNoUse(entry);
      if (!flight?.isSent()) entry.unsent = true;
      giveBackHold(call, candidate, null);
    }
  };
  const arrive = (arriving: Arrival): Arrival => {
    arrived = arriving;
    stop?.();
    // The head of a stream is passed on after some seconds, also without a token.
    if (!isSilent()) clearTimeout(silence);
    entry.durationMs = performance.now() - startedAt;
    if (arriving.ok) {
      entry.status = arriving.answer.head.status;
      return arriving;
    }
    noteFailure(arriving.failure, arriving.report);
    // AWS refuses keys that have ended with 403.
    if (arriving.failure.code === "upstream_auth_error") credential?.refused();
    if (arriving.failure.internal) logFailure(ports, call, candidate, arriving.failure.internal);
    return arriving;
  };
  return {
    entry,
    arrival: pending.arrival.then(arrive),
    cancel() {
      if (isCancelled || arrived?.ok === false) return;
      isCancelled = true;
      end(cancelledAttempt);
      // Its arrival has already resolved, so the failure is recorded here.
      if (arrived?.ok) noteFailure(cancelledAttempt, arrived.answer.whole?.report ?? arrived.answer.report());
    },
  };
}

const noToken = (ms: number): UpstreamFault => ({
  kind: "first_token_timeout",
  internal: `the model said nothing for ${ms} ms`,
});

/** A single attempt used the credential of the event. Several attempts, and those under limits of credentials, name their own. */
function nameCredentials(call: Admitted, { credential }: Candidate, entry: Attempt): void {
  const { attempts, credentialId: before, credentialHolds } = call;
  call.credentialId = credential.id;
  if (attempts.length === 0 && credentialHolds === null) return;
  entry.credentialId = credential.id;
  for (const earlier of attempts) if (before !== null) earlier.credentialId ??= before;
}

const ownedBy = (
  { grant }: Admitted,
  { credential }: Candidate,
  kind: Resource["kind"],
  providerId: string,
): Resource => ({ kind, orgId: grant.org.id, keyId: grant.key.id, credentialId: credential.id, providerId });

function logFailure(ports: Ports, call: Admitted, { target, credential }: Candidate, internal: string): void {
  const fields = { requestId: call.exchange.id, target: target.id, credential: credential.id, err: internal };
  ports.log.warn(fields, "an attempt at a provider failed");
}

/**
 * Sends the request when the credential is ready, which is at once except if a token must be got. Null when the attempt
 * failed before anything was sent.
 */
function depart(
  ports: Ports,
  call: Admitted,
  candidate: Candidate,
  timeouts: AttemptTimeouts,
  attempting: Required<Attempting>,
  sink: AnswerSink,
  onReady: (ready: ReadyCredential) => void,
): Flight | null {
  const { credential, provider } = candidate;
  const fail = (error: unknown): void => sink.fail(credentialFailure(ports, error), NOTHING_YET);
  const begin = (ready: ReadyCredential): Flight => {
    onReady(ready);
    return send(ports, call, candidate, timeouts, attempting, sink, ready);
  };
  try {
    const ready = readyCredential(ports, call.grant.org, provider, credential);
    return ready instanceof Promise
      ? new DeferredFlight(
          ready.then((each) => () => begin(each)),
          fail,
        )
      : begin(ready);
  } catch (error) {
    fail(error);
    return null;
  }
}

function send(
  ports: Ports,
  call: Admitted,
  candidate: Candidate,
  timeouts: AttemptTimeouts,
  { isFresh, serving: row }: Required<Attempting>,
  sink: AnswerSink,
  { secret, sign, stored }: ReadyCredential,
): Flight {
  const { credential, provider, target, way } = candidate;
  const path = filledPath(row.path, stored, target.upstreamModel);
  const serving = path === row.path ? row : { ...row, path };
  const keptId = keptIdOf(ports, call, candidate);
  return way.adapter(
    {
      client: call.surface.wire,
      target: call.exchange,
      wire: way.wire,
      serving,
      provider,
      baseUrl: withoutEndpoint(credential.baseUrl, provider.serves),
      upstreamModel: target.upstreamModel,
      secret,
      credential,
      sign,
      body: call.body,
      raw: call.raw,
      maxOutputTokens: call.clampedTokens,
      promptTokensMax: call.promptTokensMax,
      asked: call.asked,
      continuedId: call.continued?.providerId ?? null,
      costUsd: (usage) => costUsd(call, candidate, usage),
      modelLimits: {
        contextTokens: candidate.contextWindow,
        outputTokens: candidate.maxOutputTokens,
        rounds: call.rounds,
      },
      sealId: (providerId) => ports.vault.ids.seal(ownedBy(call, candidate, "response", providerId)),
      sealStored: (providerId, place) =>
        ports.vault.ids.seal(ownedBy(call, candidate, kindInAnswer(call.stored, providerId, place), providerId)),
      onText: null,
      upstream: ports.upstreams.for(call.grant.org),
      timeouts,
      isFresh,
      lane: ports.lanes.of(call.grant.org.id),
      keeps: keptId === null ? null : { id: keptId, take: (response) => (call.made = { id: keptId, response }) },
      previousId: call.restored?.previous ?? null,
      memory: call.exchange.memory,
      now: ports.now,
    },
    sink,
  );
}
