import { ordinary } from "../../body/places.ts";
import { openAiError } from "../error-wording.ts";
import { plainBound } from "../plain/plain-bound.ts";
import { plainTexts } from "../plain/plain-texts.ts";
import { sendPlain } from "../plain/send-plain.ts";
import type { SurfaceWire } from "../wire.ts";
import { imageAnswers } from "./answer.ts";
import { imageBound } from "./bound.ts";
import { readEditRequest, readImageRequest } from "./read.ts";
import { IMAGE_IDS } from "./stored-ids.ts";
import { imageUsage } from "./usage.ts";

const KEYWORDS = ["size", "quality", "style", "background", "moderation", "output_format", "response_format", "user"];

const texts = plainTexts(...KEYWORDS, "input_fidelity", "stream", "n", "partial_images", "output_compression");

/** OpenAI's images from a prompt. */
export const openAiImage: SurfaceWire = {
  id: "openai-image",
  operation: "image",
  usage: { find: ({ usage }) => usage, read: imageUsage },
  bridge: null,
  places: ordinary,
  read: readImageRequest,
  texts,
  bound: plainBound(texts, imageBound),
  send: sendPlain,
  answer: imageAnswers,
  errors: { wording: openAiError, frame: (body) => `event: error\ndata: ${body}\n\n` },
  codec: null,
};

/** The same from a prompt and images, as a form or as JSON. */
export const openAiImageEdit: SurfaceWire = {
  ...openAiImage,
  id: "openai-image-edit",
  forms: "too",
  storedIds: IMAGE_IDS,
  read: readEditRequest,
};
