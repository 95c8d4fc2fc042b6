import { TollgateError } from "@tollgate/contracts/errors";
import { parsingAnswer } from "../../body/read-json.ts";
import type { Steps } from "../../body/steps.ts";
import { NOTHING_YET } from "../../wires/answer-report.ts";
import type { EmbedAsk, EmbedBridge, EmbedCodec } from "../../wires/embed-codec.ts";
import { readUsage } from "../../wires/usage/read-usage.ts";
import { usageCap } from "../../wires/usage/usage-cap.ts";
import type { AnswerContext, Change, Outgoing, SurfaceWire, WholeAnswer, Wire } from "../../wires/wire.ts";
import type { Adapter, AnswerSink, Flight } from "../adapter.ts";
import { ignoredHeader } from "../ignored-header.ts";
import { passthrough } from "../passthrough/passthrough.ts";
import { bridgeFailure } from "./bridge-failure.ts";

/** A call that has ended before anything was sent. */
const NO_FLIGHT: Flight = { resume: () => {}, abort: () => {}, isSent: () => false, report: () => NOTHING_YET };

/** For providers with another format of embeddings: the request and the response are each one JSON object. */
export const translateEmbeddings: Adapter = (call, sink) => {
  const { client, wire, body, provider, secret } = call;
  const [codec, bridge] = [client.embedCodec, wire.embedBridge];
  if (!codec || !bridge) throw new Error(`no translation from ${client.id} to ${wire.id}`);
  let ask: EmbedAsk;
  try {
    ask = codec.decode(body as Readonly<Record<string, unknown>>, provider.name);
    const textsMax = bridge.textsMax?.(call.upstreamModel) ?? Number.POSITIVE_INFINITY;
    if (ask.texts.length > textsMax) throw tooMany(codec.textsField, textsMax, provider.name);
  } catch (error) {
    sink.fail(bridgeFailure(error, secret), NOTHING_YET);
    return NO_FLIGHT;
  }
  const translated = { ...call, client: translatedClient(client, wire, { codec, bridge, ask, call }) };
  const isLost = bridge.lacksInputType && ask.inputType !== null;
  const ignored = isLost ? [...ask.ignored, codec.inputTypeField] : ask.ignored;
  return passthrough(translated, ignored.length > 0 ? naming(ignored, sink) : sink);
};

const tooMany = (param: string, textsMax: number, provider: string): TollgateError =>
  new TollgateError(
    "invalid_value",
    `${param} has too many texts: ${provider} takes ${textsMax} in a request of this model.`,
    { param },
  );

interface Translation {
  codec: EmbedCodec;
  bridge: EmbedBridge;
  ask: EmbedAsk;
  call: Change;
}

/** The client's wire as the provider sees it: it sends the provider's format and reads it. */
function translatedClient(client: SurfaceWire, wire: Wire, { codec, bridge, ask, call }: Translation): SurfaceWire {
  const { upstreamModel, serving } = call;
  const send = (): Outgoing => ({
    path: serving.path.replace("{model}", encodeURIComponent(upstreamModel.replace(/^models\//, ""))),
    headers: ["content-type", "application/json", "accept", "application/json"],
    body: Buffer.from(JSON.stringify(bridge.request(ask, upstreamModel, serving))),
  });
  function* readingBytes(bytes: Buffer, context: AnswerContext): Steps<WholeAnswer> {
    const answer = yield* parsingAnswer(bytes);
    const usage = answer && readUsage(wire.usage.read, wire.usage.find(answer), usageCap(context));
    const vectors = answer && bridge.vectors(answer);
    const isAnswer = vectors?.length === ask.texts.length;
    const report = { usage, deliveredBytes: 0, finished: true, isWhole: isAnswer };
    if (!vectors || !isAnswer) return { isAnswer: false, error: null, report };
    const body = yield* codec.encoding(vectors, ask, upstreamModel, usage?.use.input ?? null);
    return { isAnswer, error: null, report, body };
  }
  return { ...client, send, answer: { ...client.answer, readingBytes } };
}

/** Adds the header that names ignored request fields. */
const naming = (ignored: readonly string[], sink: AnswerSink): AnswerSink => ({
  head: (head) => sink.head({ ...head, headers: { ...head.headers, ...ignoredHeader(ignored) } }),
  write: (chunk, isClean) => sink.write(chunk, isClean),
  end: (report) => sink.end(report),
  fail: (failure, report) => sink.fail(failure, report),
});
