import type { UsageBound } from "@tollgate/catalog/rates";
import { Pace, type Steps } from "../../body/steps.ts";
import type { PromptMedia } from "../media/medium.ts";
import { MediaCollector, type MediumKind, withMedia } from "../media/prompt-media.ts";
import { SEARCHES_MAX, TextTokens, TOOL_PREAMBLE_TOKENS } from "../prompt-tokens.ts";
import type { Path } from "../wire.ts";
import { NO_IMAGE, PART_MARKS, type PartMark, some, somePart } from "./prompt-parts.ts";
import { chatTexts } from "./texts.ts";

type Body = Readonly<Record<string, unknown>>;

/** Results of `measuring` for a large body. */
interface Measure {
  media: PromptMedia;
  estimate: number;
  marks: ReadonlySet<PartMark>;
}

const measures = new WeakMap<Body, Measure>();

const isImage = (text: string, path: Path): boolean => path.includes("image_url") && !NO_IMAGE.test(text);

/** A data URL of text counts as text: it has fewer tokens than characters. A PDF that is named text is none. */
const PLAIN_TEXT = /^data:text\/(?![^,]{0,100},JVBER)/i;

function kindOf(text: string, path: Path, isData: boolean): MediumKind | null {
  // Most texts are neither data nor an address.
  const field = path.at(-1);
  if (!isData && field !== "url" && field !== "image_url") return null;
  if (path.includes("image_url"))
    return isImage(text, path) ? "image" : isData && !PLAIN_TEXT.test(text) ? "file" : null;
  if (!isData || PLAIN_TEXT.test(text)) return null;
  return path.at(-2) === "input_audio" ? "audio" : "file";
}

/** An upper bound of the prompt's tokens: a text never has more tokens than bytes, and media count by what they are. */
export const promptTokensMax = (body: Body, bodyBytes: number, upstreamModel?: string): number =>
  withMedia(media(body), bodyBytes + (Array.isArray(body.tools) ? TOOL_PREAMBLE_TOKENS : 0), upstreamModel);

function media(body: Body): PromptMedia {
  const known = measures.get(body);
  if (known) return known.media;
  const collector = new MediaCollector(kindOf);
  chatTexts.visit(body, collector.visit);
  return collector.measured();
}

const isMarked = (body: Body, mark: PartMark): boolean =>
  measures.get(body)?.marks.has(mark) ?? somePart(body, PART_MARKS[mark]);

/** Whether the prompt may have more tokens than `promptTokensMax`. Then only the model's context window bounds it. */
export const hasDocument = (body: Body): boolean => isMarked(body, "document");

/** Whether the provider may search: OpenAI's and xAI's fields, a search tool, or OpenRouter's plugin. */
export const asksToSearch = (body: Body): boolean =>
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
  const collector = new MediaCollector(kindOf);
  const texts = new TextTokens(isImage);
  yield* chatTexts.visiting(body, (...text) => {
    collector.visit(text[0], text[1], text[2]);
    texts.visit(...text);
  });
  measures.set(body, { media: yield* collector.measuring(), estimate: texts.tokens, marks: yield* marking(body) });
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
