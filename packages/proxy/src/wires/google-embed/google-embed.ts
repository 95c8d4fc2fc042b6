import { ordinary } from "../../body/places.ts";
import { googleError } from "../error-wording.ts";
import { EMBED_IDS } from "../google-generate/stored-ids.ts";
import { generateTexts } from "../google-generate/texts.ts";
import type { SurfaceWire } from "../wire.ts";
import { googleEmbedAnswers, googleEmbedUsage } from "./answer.ts";
import { googleEmbedBounds } from "./bound.ts";
import { googleEmbedBridge } from "./bridge.ts";
import { googleEmbedCodec, googleEmbedOneCodec } from "./codec.ts";
import { readEmbedBatch, readEmbedOne } from "./read.ts";
import { sendEmbedBatch, sendEmbedOne } from "./send.ts";

/** Google's `batchEmbedContents`. */
export const googleEmbed: SurfaceWire = {
  id: "google-embed",
  operation: "embed",
  usage: googleEmbedUsage,
  bridge: null,
  places: ordinary,
  storedIds: EMBED_IDS,
  read: readEmbedBatch,
  texts: generateTexts,
  bound: googleEmbedBounds,
  send: sendEmbedBatch,
  answer: googleEmbedAnswers,
  errors: { wording: googleError, frame: (body) => `data: ${body}\r\n\r\n` },
  codec: null,
  embedCodec: googleEmbedCodec,
  embedBridge: googleEmbedBridge,
};

/** Google's `embedContent`. Calls of other wires use the batch, which has one vector for each text. */
export const googleEmbedOne: SurfaceWire = {
  ...googleEmbed,
  id: "google-embed-one",
  read: readEmbedOne,
  send: sendEmbedOne,
  embedCodec: googleEmbedOneCodec,
  embedBridge: undefined,
};
