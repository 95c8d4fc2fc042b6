import type { UsageBound } from "@tollgate/catalog/rates";
import { Pace, type Steps } from "../../body/steps.ts";
import { ImageTokens, SEARCHES_MAX, TextTokens, TOOL_PREAMBLE_TOKENS } from "../prompt-tokens.ts";
import type { Path } from "../wire.ts";
import { NO_IMAGE, PART_MARKS, type PartMark, some, somePart } from "./prompt-parts.ts";
import { chatTexts } from "./texts.ts";

type Body = Readonly<Record<string, unknown>>;

/** Results of `measuring` for a large body. */
interface Measure {
  imageTokens: number;
  estimate: number;
  marks: ReadonlySet<PartMark>;
}

const measures = new WeakMap<Body, Measure>();

const isImage = (text: string, path: Path): boolean => path.includes("image_url") && !NO_IMAGE.test(text);

/**
 * An upper bound of the prompt's tokens. A text never has more tokens than bytes, so the bound is the number
 * of bytes. Images are the exception: each counts a fixed number of tokens, whatever the size of its base64.
 */
export function promptTokensMax(body: Body, bodyBytes: number): number {
  const images = new ImageTokens(isImage);
  const known = measures.get(body);
  if (!known) chatTexts.visit(body, images.visit);
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

/** An estimate of the prompt's tokens, for events marked `estimated`. */
export function promptTokensEstimate(body: Body): number {
  const known = measures.get(body);
  if (known) return known.estimate;
  const texts = new TextTokens(isImage);
  chatTexts.visit(body, texts.visit);
  return texts.tokens;
}

const MARKS = Object.keys(PART_MARKS) as PartMark[];

/** Measures a large body in steps. Later calls of the functions above with the same object use the stored results. */
export function* measuring(body: Body): Steps<void> {
  const images = new ImageTokens(isImage);
  const texts = new TextTokens(isImage);
  yield* chatTexts.visiting(body, (...text) => {
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
