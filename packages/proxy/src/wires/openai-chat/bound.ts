import type { UsageBound } from "@tollgate/catalog/rates";
import { Pace, type Steps } from "../../body/steps.ts";
import type { Path, TextVisitor } from "../wire.ts";
import { NO_IMAGE, PART_MARKS, type PartMark, some, somePart } from "./prompt-parts.ts";
import { visitingTexts } from "./text-steps.ts";
import { visitTexts } from "./texts.ts";

type Body = Readonly<Record<string, unknown>>;

/** Results of `measuring` for a large body. */
interface Measure {
  imageTokens: number;
  estimate: number;
  marks: ReadonlySet<PartMark>;
}

const measures = new WeakMap<Body, Measure>();

/** Upper bound for one image: 2048 × 768 in full detail on gpt-4o-mini, the most of any known model. */
const IMAGE_TOKENS_MAX = 48_200;
/** Estimate for one image. */
const IMAGE_TOKENS = 800;
/** Upper bound of the instructions that providers add to a prompt with tools. */
const TOOL_PREAMBLE_TOKENS = 1_000;
/** Estimate for the role and the separators of each text. */
const FRAMING_TOKENS = 4;
/** How many searches are held for a call that lets the provider search. */
const SEARCHES_MAX = 10;

const isImage = (text: string, path: Path): boolean => path.includes("image_url") && !NO_IMAGE.test(text);

/**
 * What images add to `promptTokensMax`, in tokens: a fixed upper bound for each, instead of the bytes of its base64.
 */
class ImageTokens {
  tokens = 0;

  readonly visit: TextVisitor = (text, path, isData) => {
    if (isImage(text, path)) this.tokens += IMAGE_TOKENS_MAX - (isData ? text.length : 0);
  };
}

/**
 * An upper bound of the prompt's tokens. A text never has more tokens than bytes, so the bound is the number
 * of bytes. Images are the exception: each counts a fixed number of tokens, whatever the size of its base64.
 */
export function promptTokensMax(body: Body, bodyBytes: number): number {
  const images = new ImageTokens();
  const known = measures.get(body);
  if (!known) visitTexts(body, images.visit);
  return bodyBytes + (Array.isArray(body.tools) ? TOOL_PREAMBLE_TOKENS : 0) + (known?.imageTokens ?? images.tokens);
}

const isMarked = (body: Body, mark: PartMark): boolean =>
  measures.get(body)?.marks.has(mark) ?? somePart(body, PART_MARKS[mark]);

/** Whether the prompt may have more tokens than `promptTokensMax`. Then only the model's context window bounds it. */
export const hasDocument = (body: Body): boolean => isMarked(body, "document");

/** Whether the provider may search: OpenAI's and xAI's fields, a search tool, or OpenRouter's plugin. */
const asksToSearch = (body: Body): boolean =>
  Boolean(body.web_search_options || body.search_parameters) ||
  some(body.tools, ({ type }) => typeof type === "string" && /^(?:web|x)_search/.test(type)) ||
  some(body.plugins, ({ id }) => id === "web");

/** The most a call may use of each unit. Undefined for a unit: up to the whole input or output. */
export function usageBound(body: Body, promptTokens: number, outputTokens: number): UsageBound {
  const audio = (Array.isArray(body.modalities) && body.modalities.includes("audio")) || isMarked(body, "audio");
  const images = isMarked(body, "images");
  const longCacheWrites = isMarked(body, "longCacheWrites") || some(body.tools, PART_MARKS.longCacheWrites);
  // Image output is not listed, so all output may be images: a model that can make images may do so unasked.
  return {
    input: promptTokens,
    output: outputTokens,
    cacheWrite1h: longCacheWrites ? undefined : 0,
    audioInput: audio ? undefined : 0,
    imageInput: images ? undefined : 0,
    audioOutput: audio ? undefined : 0,
    searches: asksToSearch(body) ? SEARCHES_MAX : 0,
  };
}

/** Service tiers that cost the listed price or less. */
const PRICED_TIERS = new Set(["auto", "default", "standard", "standard_only", "on_demand", "flex", "batch"]);

/** The field that asks for a service tier whose price is unknown; null if there is none. */
export function unpricedField({ service_tier: tier }: Body): string | null {
  if (tier === undefined || tier === null) return null;
  return typeof tier === "string" && PRICED_TIERS.has(tier.toLowerCase()) ? null : "service_tier";
}

/** Characters read for one estimate. Beyond that, texts are sampled. */
const SAMPLED_CHARS = 16_384;
const SAMPLES_MIN = 16;

class TextTokens {
  tokens = FRAMING_TOKENS;
  #samplesLeft = SAMPLED_CHARS;

  readonly visit: TextVisitor = (text, path, isData) => {
    if (isImage(text, path)) this.tokens += IMAGE_TOKENS;
    else if (!isData) {
      this.tokens += FRAMING_TOKENS + textTokensEstimate(text, Math.max(SAMPLES_MIN, this.#samplesLeft));
      this.#samplesLeft -= text.length;
    }
  };
}

/** An estimate of the prompt's tokens, for events marked `estimated`. */
export function promptTokensEstimate(body: Body): number {
  const known = measures.get(body);
  if (known) return known.estimate;
  const texts = new TextTokens();
  visitTexts(body, texts.visit);
  return texts.tokens;
}

/** A token is about 4 characters of Latin text, or 1.5 characters of most other scripts. */
function textTokensEstimate(text: string, samplesMax: number): number {
  const step = Math.ceil(text.length / samplesMax) || 1;
  let wide = 0;
  for (let i = 0; i < text.length; i += step) if (text.charCodeAt(i) > 0x24f) wide += step;
  wide = Math.min(wide, text.length);
  return Math.ceil((text.length - wide) / 4 + wide / 1.5);
}

const MARKS = Object.keys(PART_MARKS) as PartMark[];

/** Measures a large body in steps. Later calls of the functions above with the same object use the stored results. */
export function* measuring(body: Body): Steps<void> {
  const images = new ImageTokens();
  const texts = new TextTokens();
  yield* visitingTexts(body, (...text) => {
    images.visit(...text);
    texts.visit(...text);
  });
  measures.set(body, { imageTokens: images.tokens, estimate: texts.tokens, marks: yield* marking(body) });
}

function* marking({ messages }: Body): Steps<Set<PartMark>> {
  const marks = new Set<PartMark>();
  const pace = new Pace();
  for (const { content } of Array.isArray(messages) ? messages : []) {
    for (const part of Array.isArray(content) ? content : []) {
      for (const mark of MARKS) if (part && !marks.has(mark) && PART_MARKS[mark](part)) marks.add(mark);
      if (pace.passes(part)) yield;
    }
    if (pace.passes(null)) yield;
  }
  return marks;
}
