import { forRepeats } from "../cached-answer.ts";
import { type Answered, type Ending, type Metered, NO_USE } from "../call.ts";
import { cutFailure, tollgateError } from "../failure.ts";
import { pourStream, type StreamEnd } from "../metering/pour-stream.ts";
import { tollgateHeaders } from "../metering/response-headers.ts";
import { type AnswerOutcome, totalUse } from "../metering/usage.ts";
import type { Ports } from "../ports.ts";
import { refuse } from "../refuse.ts";

/**
 * Passes the answer on and counts beside it. A stream flows to its end here; a whole answer waits in `finish` until it
 * is on record.
 */
export function meter(ports: Ports, call: Answered): Promise<Metered> | Metered {
  return call.answer.whole ? meterWhole(ports, call, call.answer.whole) : meterStream(ports, call);
}

function meterWhole(ports: Ports, call: Answered, { body, report }: NonNullable<Answered["answer"]["whole"]>): Metered {
  const { exchange, trace, answer, cached, cut } = call;
  trace.firstTokenMs = performance.now() - trace.startedAt;
  const ending = call.cut.reason === "client_left" ? leftEnding(call, report) : endingOf(call, report, "complete");
  const contentType = answer.head.headers["content-type"] ?? "application/json";
  if (!cached) keep(ports, call, contentType, body, ending);
  const finish = (): void => {
    const headers = { ...answer.head.headers, ...tollgateHeaders(exchange.id, trace, ending) };
    exchange.head(answer.head.status, { ...headers, "content-length": body.length });
    exchange.end(body);
    cut.close();
  };
  return { ...call, ending, finish };
}

const leftEnding = (call: Answered, report: StreamEnd["report"]): Ending => ({
  ...endingOf(call, report, "client_left"),
  status: 499,
});

async function meterStream(ports: Ports, call: Answered): Promise<Metered> {
  const { exchange, trace, answer, candidate } = call;
  const by = { provider: candidate?.provider.id ?? null, upstreamModel: candidate?.target.upstreamModel ?? null };
  exchange.head(answer.head.status, {
    ...answer.head.headers,
    "cache-control": "no-cache",
    ...tollgateHeaders(exchange.id, trace, by),
  });
  const startedAt = performance.now();
  const end = await pourStream(ports, call);
  const pouredMs = performance.now() - startedAt;
  trace.upstreamMs += pouredMs;
  const last = trace.attempts.at(-1);
  if (last) last.durationMs += pouredMs;
  if (end.kind === "complete") {
    const ending = endingOf(call, end.report, "complete");
    const contentType = answer.head.headers["content-type"] ?? "text/event-stream";
    if (end.body) keep(ports, call, contentType, forRepeats(end.body), ending);
    return { ...call, ending, finish: () => exchange.end() };
  }
  const failure = end.kind === "failed" ? end.failure : cutFailure(end.reason);
  const outcome = end.kind === "failed" ? "failed" : end.reason === "client_left" ? "client_left" : "cut";
  if (last) Object.assign(last, { error: failure.code, message: failure.message.slice(0, 500) });
  const ending = endingOf(call, end.report, outcome);
  const error = tollgateError(failure);
  const frame = call.surface.errorFrame(refuse(error, call.surface.dialect, exchange.id, ports.settings.docsUrl).body);
  return {
    ...call,
    ending: { ...ending, status: failure.status, error: failure.code, errorMessage: failure.message.slice(0, 500) },
    finish: () => exchange.end(frame),
  };
}

function endingOf(call: Answered, report: StreamEnd["report"], outcome: AnswerOutcome): Ending {
  const { candidate, cached, answer } = call;
  const base = { status: answer.head.status, outcome, error: null, errorMessage: null };
  if (!candidate) {
    return { ...base, ...NO_USE, provider: cached?.provider ?? null, upstreamModel: cached?.upstreamModel ?? null };
  }
  return {
    ...base,
    provider: candidate.provider.id,
    upstreamModel: candidate.target.upstreamModel,
    credentialId: candidate.credential.id,
    ...totalUse(call, candidate, report, outcome),
  };
}

/** Best effort: an answer that cannot be kept is an answer all the same. */
function keep(
  ports: Ports,
  { cacheEntry, candidate }: Answered,
  contentType: string,
  body: Buffer,
  ending: Ending,
): void {
  if (!cacheEntry || !candidate || ending.outcome !== "complete") return;
  const { tokens } = ending;
  const kept = {
    contentType,
    body,
    provider: candidate.provider.id,
    upstreamModel: candidate.target.upstreamModel,
    tokens,
  };
  void Promise.resolve(ports.cache.set(cacheEntry.key, kept, cacheEntry.ttlSeconds)).catch((error: unknown) => {
    ports.log.warn({ err: String(error) }, "answer not cached");
  });
}
