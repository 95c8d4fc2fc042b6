import { bareName } from "@tollgate/catalog/price-names";
import { IMAGE_TOKENS_MAX } from "../prompt-tokens.ts";
import type { ImageSize } from "./image-size.ts";
import type { Medium } from "./medium.ts";

interface Rule {
  models: RegExp;
  /** Upper bound of one image's tokens. */
  image(size: ImageSize): number;
  imageMax: number;
  /** Tokens of a second of sound. */
  second: number;
}

const pieces = ({ width, height }: ImageSize, edge: number): number =>
  Math.ceil(width / edge) * Math.ceil(height / edge);

/** Tiles of 512 pixels after the image has been fitted into 2,048 and its short side into 768 pixels. */
function tiles({ width, height }: ImageSize): number {
  const fit = Math.min(1, 2_048 / Math.max(width, height));
  const scale = Math.min(fit, 768 / Math.min(width, height));
  return pieces({ width: width * scale, height: height * scale }, 512);
}

/** Gemini cuts an image into squares of 256 to 768 pixels, and charges 258 tokens for each. */
function squares(size: ImageSize): number {
  const { width, height } = size;
  if (width <= 384 && height <= 384) return 1;
  return pieces(size, Math.min(768, Math.max(256, Math.floor(Math.min(width, height) / 1.5))));
}

const claude = (imageMax: number): Omit<Rule, "models"> => ({
  image: (size) => 16 + Math.max(Math.ceil((size.width * size.height) / 750), pieces(size, 28)),
  imageMax,
  second: 50,
});

const patches = (most: number, factor: number): Omit<Rule, "models"> => ({
  image: (size) => Math.ceil(Math.min(most, pieces(size, 32)) * factor),
  imageMax: Math.ceil(most * factor),
  second: 20,
});

/** From the providers' own pages. The first row that matches the maker's name of the model counts. */
const RULES: readonly Rule[] = [
  { models: /^claude-(?:opus-(?:4-[7-9]|[5-9])|sonnet-[5-9]|haiku-[5-9]|fable)/, ...claude(4_800) },
  { models: /^claude-/, ...claude(1_640) },
  { models: /^gpt-4o-mini/, image: (size) => 2_833 + 5_667 * tiles(size), imageMax: IMAGE_TOKENS_MAX, second: 20 },
  { models: /^(?:gpt-(?:4\.1|5|5\.\d)-(?:mini|nano)|o4-mini)/, ...patches(1_536, 2.46) },
  { models: /^gpt-(?:5\.[2-9]|[6-9])/, ...patches(10_000, 1.2) },
  { models: /^(?:chatgpt-|gpt-[45]|o[13])/, image: (size) => 85 + 170 * tiles(size), imageMax: 1_445, second: 20 },
  { models: /^gemini-[12]/, image: (size) => 258 * squares(size), imageMax: 10_000, second: 33 },
  { models: /^gemini-/, image: () => 2_240, imageMax: 2_240, second: 33 },
];

/** Any other model: no known one has smaller patches than 14 pixels. */
const OTHER: Rule = { models: /^/, image: (size) => pieces(size, 14), imageMax: IMAGE_TOKENS_MAX, second: 50 };

/** Text of a dense page. Providers read the text of a page, and the page as an image. */
const PAGE_TEXT_TOKENS = 3_000;
const PAGE: ImageSize = { width: 1_700, height: 2_200 };

const imageOf = ({ image, imageMax }: Rule, size: ImageSize | null): number =>
  size ? Math.min(imageMax, image(size)) : imageMax;

const rules = new Map<string, Rule>();
const RULES_MAX = 1_000;

function ruleOf(model: string): Rule {
  let rule = rules.get(model);
  if (!rule) {
    const name = bareName(model);
    rule = RULES.find(({ models }) => models.test(name)) ?? OTHER;
    if (rules.size >= RULES_MAX) rules.clear();
    rules.set(model, rule);
  }
  return rule;
}

/** Upper bound of the tokens of media at a model. Null: one of them may fill the model's context window. */
export function mediaTokensMax(media: readonly Medium[], model: string): number | null {
  if (media.length === 0) return 0;
  const rule = ruleOf(model);
  let tokens = 0;
  for (const medium of media) {
    if (medium.kind === "open") return null;
    if (medium.kind === "image") tokens += imageOf(rule, medium.size);
    else if (medium.kind === "audio") tokens += Math.ceil(medium.seconds * rule.second);
    else tokens += medium.pages * (PAGE_TEXT_TOKENS + imageOf(rule, PAGE));
  }
  return tokens;
}
