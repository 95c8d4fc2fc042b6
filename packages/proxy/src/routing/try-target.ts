import type { Attempt } from "@tollgate/contracts/usage-event";
import { spendHold } from "../allowance/extend.ts";
import { type Arrival, PendingAnswer } from "../answer.ts";
import type { Admitted, Candidate } from "../call.ts";
import { cutFailure, sealFault, unopenable } from "../failure.ts";
import { endOf, noteNoUse, noteUse } from "../metering/attempt-use.ts";
import { ATTEMPT_ESTIMATED, costUsd } from "../metering/usage.ts";
import type { Ports } from "../ports.ts";
import type { AnswerSink, Flight } from "../providers/adapter.ts";
import { NOTHING_YET } from "../wires/answer-report.ts";

const MESSAGE_CHARS_MAX = 500;

/** One attempt at one target, up to its first byte or its failure; noted on the call however it ends. */
export async function tryTarget(ports: Ports, call: Admitted, candidate: Candidate): Promise<Arrival> {
  const { asked, cut } = call;
  const startedAt = performance.now();
  const entry = openAttempt(candidate, startedAt - call.startedAt);
  call.attempts.push(entry);
  call.priceVersion = candidate.price?.version ?? null;
  const pending = new PendingAnswer(asked.stream);
  const flight = depart(ports, call, candidate, pending);
  if (flight) {
    pending.follow(flight);
    cut.listen((reason) => {
      flight.abort();
      pending.fail(cutFailure(reason), flight.report());
    }, ports.settings.leftDrainMs);
  }
  const arrival = await pending.arrival;
  cut.listen(null);
  entry.durationMs = performance.now() - startedAt;
  call.upstreamMs += entry.durationMs;
  if (arrival.ok) {
    entry.status = arrival.answer.head.status;
    return arrival;
  }
  const { failure, report } = arrival;
  entry.status = failure.upstreamStatus;
  entry.error = failure.code;
  entry.message = failure.message.slice(0, MESSAGE_CHARS_MAX);
  if (report.usage !== null || (failure.mayBeBilled && flight?.isSent())) {
    const isEstimated = noteUse(call, candidate, entry, report, endOf(cut.reason), ports.settings.brokenAnswers);
    if (isEstimated) call.flags.add(ATTEMPT_ESTIMATED);
    spendHold(call, candidate, entry, !isEstimated);
  } else noteNoUse(entry);
  if (failure.internal) {
    const fields = {
      requestId: call.exchange.id,
      target: entry.targetId,
      credential: candidate.credential.id,
      err: failure.internal,
    };
    ports.log.warn(fields, "attempt failed");
  }
  return arrival;
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
  use: null,
  tokens: null,
  costNano: null,
});

/** The attempt before this one was at the same target. */
const isRetry = ({ attempts }: Admitted, { target }: Candidate): boolean => attempts.at(-2)?.targetId === target.id;

/** Null: it failed before it left. */
function depart(ports: Ports, call: Admitted, candidate: Candidate, sink: AnswerSink): Flight | null {
  const { credential, provider, target, way } = candidate;
  let secret: string;
  try {
    secret = ports.vault.open(call.grant.org.id, credential).reveal();
  } catch (error) {
    ports.metrics.unopenable(sealFault(error));
    sink.fail(unopenable(error), NOTHING_YET);
    return null;
  }
  return way.adapter(
    {
      client: call.surface.wire,
      wire: way.wire,
      serving: way.serving,
      provider,
      baseUrl: credential.baseUrl,
      upstreamModel: target.upstreamModel,
      secret,
      body: call.body,
      raw: call.raw,
      maxOutputTokens: call.clampedTokens,
      promptTokensMax: call.promptTokensMax,
      asked: call.asked,
      costUsd: (usage) => costUsd(candidate, usage),
      upstream: ports.upstreams.for(call.grant.org),
      isFresh: isRetry(call, candidate),
      lane: ports.lanes.of(call.grant.org.id),
      now: ports.now,
    },
    sink,
  );
}
