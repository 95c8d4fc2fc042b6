import { type Fields, isFields } from "../fields.ts";
import { checkFile, typed } from "../form-fields.ts";
import { missing, readFlag, readInteger, readLabel, readModel, refuseModels, wrongType } from "../request-fields.ts";
import type { Asked } from "../wire.ts";
import { imageTokensMax, listedImages } from "./bound.ts";

/** The model of a request that names none. */
const DEFAULT_MODEL = "dall-e-2";
const IMAGES_MAX = 100;
const PARTIAL_IMAGES_MAX = 10;
const NUMBERS = ["n", "partial_images", "output_compression"];

/** Reads and checks the fields of an image request that the gateway uses. Throws 400. */
export function readImageRequest(given: Fields): Asked {
  const body = typed(given, NUMBERS, ["stream"]);
  refuseModels(body);
  const { prompt } = body;
  if (prompt === undefined || prompt === null) throw missing("prompt");
  if (typeof prompt !== "string") throw wrongType("prompt", "a string");
  for (const name of ["size", "quality"]) {
    const value = body[name] ?? "auto";
    if (typeof value !== "string") throw wrongType(name, "a string");
  }
  readInteger(body, "partial_images", 0, PARTIAL_IMAGES_MAX);
  return {
    model: (body.model ?? null) === null ? DEFAULT_MODEL : readModel(body),
    stream: readFlag(body, "stream"),
    wantsUsage: false,
    maxOutputTokens: imageTokensMax(body),
    choices: readInteger(body, "n", 1, IMAGES_MAX) ?? 1,
    endUser: readLabel(body, "user"),
  };
}

/** The same, with the images to edit: files of a form, or objects in JSON (`images`; xAI names them `image`). */
export function readEditRequest(body: Fields): Asked {
  const asked = readImageRequest(body);
  const { images } = body;
  if (images !== undefined && (!Array.isArray(images) || !images.every(isFields))) {
    throw wrongType("images", "an array of objects");
  }
  if (listedImages(body).length === 0) checkFile(body, "image");
  return asked;
}
