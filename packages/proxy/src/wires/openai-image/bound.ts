import type { UsageBound } from "@tollgate/catalog/rates";
import { FormFile } from "../../body/form-file.ts";
import { type Fields, isFields } from "../fields.ts";
import { filesOf } from "../form-fields.ts";
import { GRADES, gradeOf, sizeOf } from "./grade.ts";

/** Tokens of one image of 1536 by 1024 pixels in high quality, the most that gpt-image makes without a size. */
const IMAGE_TOKENS_MAX = 6_240;
const IMAGE_PIXELS = 1_536 * 1_024;
/** Tokens of each image by quality, as a share of high. */
const QUALITIES: Readonly<Record<string, number>> = { low: 0.07, medium: 0.26 };
/** What the model may write besides an image. */
const TEXT_TOKENS_MAX = 1_000;
const PARTIAL_IMAGE_TOKENS = 100;
/** Tokens of an image that is sent, in high fidelity. */
const SENT_IMAGE_TOKENS_MAX = 8_000;

/** The most output tokens of one image. */
export function imageTokensMax(body: Fields): number {
  const [width, height] = sizeOf(body) ?? [0, 0];
  const scale = Math.max(1, (width * height) / IMAGE_PIXELS);
  const share = QUALITIES[String(body.quality)] ?? 1;
  const partial = typeof body.partial_images === "number" ? body.partial_images * PARTIAL_IMAGE_TOKENS : 0;
  return Math.ceil(IMAGE_TOKENS_MAX * scale * share) + TEXT_TOKENS_MAX + partial;
}

/** The images that a JSON request sends, as objects with a URL or an id. */
export const listedImages = ({ image, images }: Fields): Fields[] =>
  [image, images].flat().filter((each): each is Fields => isFields(each) && !(each instanceof FormFile));

/** Bytes of the base64 in an image of a JSON request. */
const dataBytes = (image: Fields): number =>
  Object.values(image).reduce<number>(
    (sum, value) => sum + (typeof value === "string" && value.startsWith("data:") ? value.length : 0),
    0,
  );

/** The most that an image call can use. The bytes of sent images are no tokens. */
export function imageBound(body: Fields, promptTokens: number, outputTokens: number): UsageBound {
  const files = [...filesOf(body, "image"), ...filesOf(body, "mask")];
  const listed = listedImages(body);
  const sent = (files.length + listed.length) * SENT_IMAGE_TOKENS_MAX;
  const bytes = [...files.map(({ size }) => size), ...listed.map(dataBytes)].reduce((sum, each) => sum + each, 0);
  const text = promptTokens - bytes;
  const images = Number(body.n ?? 1) || 1;
  const grade = gradeOf(body);
  const grades = grade && Object.fromEntries(GRADES.map((unit) => [unit, unit === grade ? images : 0]));
  return { input: Math.max(0, text) + sent, output: outputTokens, audioInput: 0, audioOutput: 0, images, ...grades };
}
