import { type Answered, type Ending, type Metered, NO_USE } from "../call.ts";
import { cutFailure, tollgateError } from "../failure.ts";
import { keepAnswer } from "../metering/keep-answer.ts";
import { isEventStream, pourStream, type StreamEnd } from "../metering/pour-stream.ts";
import { tollgateHeaders } from "../metering/response-headers.ts";
import { type AnswerOutcome, totalUse } from "../metering/usage.ts";
import type { Ports } from "../ports.ts";
import type { Failure } from "../providers/adapter.ts";
import { refuse } from "../refuse.ts";
import { noteFailure, noteSuccess } from "../routing/note-outcome.ts";
import type { AnswerReport } from "../wires/answer-report.ts";

/**
 * Passes the response to the client and counts its usage. A stream is sent here up to its last frame. A response that
 * is not a stream is sent by `finish`, after the call has been recorded.
 */
export function meter(ports: Ports, call: Answered): Promise<Metered> | Metered {
  return call.answer.whole ? meterWhole(ports, call, call.answer.whole) : meterStream(ports, call);
}

function meterWhole(ports: Ports, call: Answered, { body, report }: NonNullable<Answered["answer"]["whole"]>): Metered {
  const { exchange, answer } = call;
  call.firstTokenMs = performance.now() - call.startedAt;
  const ending = exchange.left ? leftEnding(ports, call, report) : endingOf(ports, call, report, "complete");
  keepAnswer(ports, call, body, ending, report);
  const finish = (): void => {
    const headers = Object.assign(tollgateHeaders(call, ending), answer.head.headers);
    headers["content-length"] = String(body.length);
    exchange.head(answer.head.status, headers);
    exchange.end(body);
  };
  call.ending = ending;
  call.finish = finish;
  return call as Metered;
}

async function meterStream(ports: Ports, call: Answered): Promise<Metered> {
  const { exchange, answer, candidate } = call;
  const by = { provider: candidate?.provider.id ?? null, upstreamModel: candidate?.target.upstreamModel ?? null };
  const ours = { "cache-control": "no-cache", ...tollgateHeaders(call, by) };
  exchange.head(answer.head.status, { ...answer.head.headers, ...ours });
  const startedAt = performance.now();
  const end = await pourStream(ports, call);
  const pouredMs = performance.now() - startedAt;
  call.upstreamMs += pouredMs;
  if (call.attempt) call.attempt.durationMs += pouredMs;
  return end.kind === "complete" ? endedWell(ports, call, end) : broken(ports, call, end);
}

function endedWell(ports: Ports, call: Answered, { report, body }: StreamEnd & { kind: "complete" }): Metered {
  const ending =
    call.cut.reason === "client_left" ? leftEnding(ports, call, report) : endingOf(ports, call, report, "complete");
  if (call.candidate) noteSuccess(ports, call, call.candidate);
  if (body) keepAnswer(ports, call, body, ending, report);
  return Object.assign(call, { ending, finish: () => call.exchange.end() });
}

/** Ends a stream that failed or was cut off. The last frame is an error, never a finish reason. */
function broken(ports: Ports, call: Answered, end: Exclude<StreamEnd, { kind: "complete" }>): Metered {
  const { exchange, candidate, surface } = call;
  const failure = end.kind === "failed" ? end.failure : cutFailure(end.reason);
  if (end.kind === "failed" && candidate) noteFailure(ports, call, candidate, end.failure);
  const outcome = end.kind === "failed" ? "failed" : end.reason === "client_left" ? "client_left" : "cut";
  if (call.attempt) Object.assign(call.attempt, { error: failure.code, message: failure.message.slice(0, 500) });
  const { body } = refuse(tollgateError(failure), surface.errors, exchange.id, ports.settings.docsUrl);
  return Object.assign(call, {
    ending: { ...endingOf(ports, call, end.report, outcome), ...errorFields(failure) },
    // Audio has no frame for an error. A closed connection shows that it is not complete.
    finish() {
      const last = lastFrame(call, body);
      if (last === null) exchange.cut();
      else exchange.end(last);
    },
  });
}

/** The end of a stream that failed. Null: its format has none. */
function lastFrame({ answer, asked, surface: { wire } }: Answered, body: string): string | null {
  return isEventStream(answer.head) ? wire.errors.frame(body) : (wire.framing?.(asked)?.error(body) ?? null);
}

const errorFields = ({ status, code, message }: Pick<Failure, "status" | "code" | "message">) => ({
  status,
  error: code,
  errorMessage: message,
});

/** The client left before the response was complete. The call is charged anyway. */
const leftEnding = (ports: Ports, call: Answered, report: AnswerReport): Ending => ({
  ...endingOf(ports, call, report, "client_left"),
  ...errorFields(cutFailure("client_left")),
});

function endingOf({ settings }: Ports, call: Answered, report: AnswerReport, outcome: AnswerOutcome): Ending {
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
    ...totalUse(call, candidate, report, outcome, settings.brokenAnswers),
  };
}
