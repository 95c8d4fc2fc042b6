import { JSON_BOUNDS } from "../../body/json-bounds.ts";
import { ordinary } from "../../body/places.ts";
import { openAiError } from "../error-wording.ts";
import { plainBound } from "../plain/plain-bound.ts";
import { plainTexts } from "../plain/plain-texts.ts";
import { sendPlain } from "../plain/send-plain.ts";
import { embedUsage } from "../usage/embed-usage.ts";
import type { SurfaceWire } from "../wire.ts";
import { embedAnswers } from "./answer.ts";
import { openAiEmbedBridge } from "./bridge.ts";
import { openAiEmbedCodec } from "./codec.ts";
import { readEmbedRequest } from "./read.ts";

/** A request may have 300,000 tokens as numbers. */
const VALUES_MAX = 500_000;

const texts = plainTexts("encoding_format", "user", "input_type", "output_dtype", "task");

/** OpenAI's embeddings, as OpenAI and compatible providers serve them. */
export const openAiEmbed: SurfaceWire = {
  id: "openai-embed",
  operation: "embed",
  usage: { find: ({ usage }) => usage, read: embedUsage },
  bridge: null,
  places: ordinary,
  jsonBounds: { ...JSON_BOUNDS, values: VALUES_MAX },
  read: readEmbedRequest,
  texts,
  // A token as a number has at least two bytes with its comma, so the bound holds for both.
  bound: plainBound(texts, (_body, input) => ({ input, output: 0 })),
  send: sendPlain,
  answer: embedAnswers,
  errors: { wording: openAiError, frame: (body) => `data: ${body}\n\n` },
  codec: null,
  embedCodec: openAiEmbedCodec,
  embedBridge: openAiEmbedBridge,
};
