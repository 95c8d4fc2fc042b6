import { NOTHING_YET } from "../../wires/answer-report.ts";
import type { Rewritten, SurfaceWire } from "../../wires/wire.ts";
import type { Adapter, AdapterCall, AnswerSink, Flight } from "../adapter.ts";
import { ignoredHeader } from "../ignored-header.ts";
import { passthrough } from "../passthrough/passthrough.ts";
import { bridgeFailure } from "./bridge-failure.ts";

/** A call that has ended before anything was sent. */
const NO_FLIGHT: Flight = { resume: () => {}, abort: () => {}, isSent: () => false, report: () => NOTHING_YET };

/** For providers whose format a wire can write and read as a whole, without the AI SDK. */
export const rewrite: Adapter = (call, sink) => {
  const { client, wire, provider } = call;
  const write = wire.rewrites?.[client.id];
  if (!write) throw new Error(`no translation from ${client.id} to ${wire.id}`);
  return sendRewritten(call, sink, () => write({ ...call, providerName: provider.name }));
};

/** Sends what `write` returns and reads the answer. An error that `write` throws is the result of the call. */
export function sendRewritten(call: AdapterCall, sink: AnswerSink, write: () => Rewritten): Flight {
  let rewritten: Rewritten;
  try {
    rewritten = write();
  } catch (error) {
    sink.fail(bridgeFailure(error, call.secret), NOTHING_YET);
    return NO_FLIGHT;
  }
  const { outgoing, answer, isWhole } = rewritten;
  const client: SurfaceWire = { ...call.client, send: () => outgoing, answer: { ...call.client.answer, ...answer } };
  const asked = isWhole ? { ...call.asked, stream: false } : call.asked;
  return passthrough({ ...call, asked, client }, withHead(rewritten, sink));
}

/** Adds the content type, and the header that names ignored request fields. */
function withHead({ ignored, contentType }: Rewritten, sink: AnswerSink): AnswerSink {
  if (ignored.length === 0 && contentType === undefined) return sink;
  const added = { ...(contentType !== undefined && { "content-type": contentType }), ...ignoredHeader(ignored) };
  return {
    head: (head) => sink.head({ ...head, headers: { ...head.headers, ...added } }),
    write: (chunk, isClean) => sink.write(chunk, isClean),
    end: (report) => sink.end(report),
    fail: (failure, report) => sink.fail(failure, report),
  };
}
