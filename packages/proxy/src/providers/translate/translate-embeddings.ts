import { TollgateError } from "@tollgate/contracts/errors";
import { parsingAnswer } from "../../body/read-json.ts";
import type { Steps } from "../../body/steps.ts";
import type { EmbedAsk, EmbedBridge, EmbedCodec } from "../../wires/embed-codec.ts";
import { readUsage } from "../../wires/usage/read-usage.ts";
import { usageCap } from "../../wires/usage/usage-cap.ts";
import type { AnswerContext, WholeAnswer, Wire } from "../../wires/wire.ts";
import type { Adapter } from "../adapter.ts";
import { sendRewritten } from "./rewrite.ts";

/** For providers with another format of embeddings: the request and the response are each one JSON object. */
export const translateEmbeddings: Adapter = (call, sink) =>
  sendRewritten(call, sink, () => {
    const { client, wire, body, provider, upstreamModel, serving } = call;
    const [codec, bridge] = [client.embedCodec, wire.embedBridge];
    if (!codec || !bridge) throw new Error(`no translation from ${client.id} to ${wire.id}`);
    const ask = codec.decode(body as Readonly<Record<string, unknown>>, provider.name);
    const textsMax = bridge.textsMax?.(upstreamModel) ?? Number.POSITIVE_INFINITY;
    if (ask.texts.length > textsMax) throw tooMany(codec.textsField, textsMax, provider.name);
    const isLost = bridge.lacksInputType && ask.inputType !== null;
    return {
      outgoing: {
        path: serving.path.replace("{model}", encodeURIComponent(upstreamModel.replace(/^models\//, ""))),
        headers: ["content-type", "application/json", "accept", "application/json"],
        body: Buffer.from(JSON.stringify(bridge.request(ask, upstreamModel, serving))),
      },
      answer: {
        readingBytes: (bytes, context) => reading(bytes, context, { wire, codec, bridge, ask, upstreamModel }),
      },
      ignored: isLost ? [...ask.ignored, codec.inputTypeField] : ask.ignored,
    };
  });

const tooMany = (param: string, textsMax: number, provider: string): TollgateError =>
  new TollgateError(
    "invalid_value",
    `${param} has too many texts: ${provider} takes ${textsMax} in a request of this model.`,
    { param },
  );

interface Translation {
  wire: Wire;
  codec: EmbedCodec;
  bridge: EmbedBridge;
  ask: EmbedAsk;
  upstreamModel: string;
}

/** The provider's response in the client's format. */
function* reading(
  bytes: Buffer,
  context: AnswerContext,
  { wire, codec, bridge, ask, upstreamModel }: Translation,
): Steps<WholeAnswer> {
  const answer = yield* parsingAnswer(bytes);
  const usage = answer && readUsage(wire.usage.read, wire.usage.find(answer), usageCap(context));
  const vectors = answer && bridge.vectors(answer);
  const isAnswer = vectors?.length === ask.texts.length;
  const report = { usage, deliveredBytes: 0, finished: true, isWhole: isAnswer };
  if (!vectors || !isAnswer) return { isAnswer: false, error: null, report };
  const body = yield* codec.encoding(vectors, ask, upstreamModel, usage?.use.input ?? null);
  return { isAnswer, error: null, report, body };
}
