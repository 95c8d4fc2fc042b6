import type { UsageBound } from "@tollgate/catalog/rates";
import { Pace, type Steps } from "../../body/steps.ts";
import { type Fields, fieldsOf, isFields, isString } from "../fields.ts";
import type { PromptMedia } from "../media/medium.ts";
import { MediaCollector, type MediumKind, withMedia } from "../media/prompt-media.ts";
import { SEARCHES_MAX, TextTokens, TOOL_PREAMBLE_TOKENS } from "../prompt-tokens.ts";
import type { Bounds, Path } from "../wire.ts";
import { within } from "../within.ts";
import { fileIn, partsOf, toolsOf } from "./contents.ts";
import { isFile } from "./is-file.ts";
import { listOf, named } from "./names.ts";
import { generateTexts } from "./texts.ts";

interface Marks {
  hasImage: boolean;
  hasAudio: boolean;
  /** A file whose tokens cannot be bounded by its bytes: a PDF, a video, or one that is only named. */
  hasDocument: boolean;
}

interface Measure {
  media: PromptMedia;
  estimate: number;
  marks: Marks;
}

const measures = new WeakMap<object, Measure>();

const kindsIn =
  (body: Fields) =>
  (text: string, path: Path, isData: boolean): MediumKind | null => {
    if (!isFile(text, path, isData)) return null;
    // An address is a document, see `note`.
    if (!isData) return "image";
    const holder = within(body, path.slice(0, -1));
    const given = isFields(holder) ? (holder.mimeType ?? holder.mime_type) : "";
    const type = isString(given) ? given.toLowerCase() : "";
    if (type.startsWith("text/")) return null;
    if (type.startsWith("image/")) return "image";
    if (type.startsWith("audio/")) return "audio";
    return type === "application/pdf" ? "file" : "open";
  };

function note(marks: Marks, part: Fields): void {
  const file = fileIn(part);
  if (!file) return;
  const type = isString(file.mimeType) ? file.mimeType.toLowerCase() : "";
  const isAddress = (part.fileData ?? null) !== null;
  if (type.startsWith("audio/")) marks.hasAudio = true;
  else if (!type.startsWith("text/")) marks.hasImage = true;
  if (type.startsWith("video/")) marks.hasAudio = true;
  if (isAddress || !/^(?:image|audio|text)\/|^application\/pdf$/.test(type)) marks.hasDocument = true;
}

const noMarks = (): Marks => ({ hasImage: false, hasAudio: false, hasDocument: false });

function marksOf(body: Fields): Marks {
  const known = measures.get(body);
  if (known) return known.marks;
  const marks = noMarks();
  for (const part of partsOf(body)) note(marks, part);
  return marks;
}

const SEARCH_TOOLS = ["googleSearch", "googleSearchRetrieval", "enterpriseWebSearch", "googleMaps"];

/** What these tools fetch is part of the prompt, and not of the request. */
const FETCHING_TOOLS = ["urlContext", "fileSearch"];

const hasTool = (body: Fields, names: readonly string[]): boolean =>
  toolsOf(body).some((tool) => names.some((name) => (tool[name] ?? null) !== null));

const fetchesPages = (body: Fields): boolean => hasTool(body, FETCHING_TOOLS);

const asksToSearch = (body: Fields): boolean => hasTool(body, SEARCH_TOOLS);

function usage(given: object, promptTokens: number, outputTokens: number): UsageBound {
  const body = named(fieldsOf(given));
  const { hasImage, hasAudio } = marksOf(fieldsOf(given));
  const config = isFields(body.generationConfig) ? named(body.generationConfig) : {};
  const speaks = listOf(config.responseModalities).some((kind) => String(kind).toUpperCase() === "AUDIO");
  const isCached = (body.cachedContent ?? null) !== null;
  // Image output is not listed, so all output may be images: a model that can make images may do so unasked.
  return {
    input: promptTokens,
    output: outputTokens,
    cacheWrite1h: 0,
    audioInput: hasAudio || isCached ? undefined : 0,
    imageInput: hasImage || isCached ? undefined : 0,
    audioOutput: speaks ? undefined : 0,
    searches: asksToSearch(body) ? SEARCHES_MAX : 0,
  };
}

function* measuring(body: object): Steps<void> {
  const collector = new MediaCollector(kindsIn(fieldsOf(body)));
  const texts = new TextTokens(isFile);
  yield* generateTexts.visiting(body, (...text) => {
    collector.visit(text[0], text[1], text[2]);
    texts.visit(...text);
  });
  const marks = noMarks();
  const pace = new Pace();
  for (const part of partsOf(fieldsOf(body))) {
    note(marks, part);
    if (pace.passes(part)) yield;
  }
  measures.set(body, { media: yield* collector.measuring(), estimate: texts.tokens, marks });
}

function media(body: object): PromptMedia {
  const known = measures.get(body);
  if (known) return known.media;
  const collector = new MediaCollector(kindsIn(fieldsOf(body)));
  generateTexts.visit(body, collector.visit);
  return collector.measured();
}

export const generateBounds: Bounds = {
  measuring,
  promptTokensMax: (body, bodyBytes, upstreamModel) =>
    withMedia(media(body), bodyBytes + (toolsOf(fieldsOf(body)).length > 0 ? TOOL_PREAMBLE_TOKENS : 0), upstreamModel),
  // The content of a cache is part of the prompt, and not of the request.
  hasDocument: (body) =>
    (named(fieldsOf(body)).cachedContent ?? null) !== null ||
    marksOf(fieldsOf(body)).hasDocument ||
    fetchesPages(fieldsOf(body)),
  promptTokensEstimate(body) {
    const known = measures.get(body);
    if (known) return known.estimate;
    const texts = new TextTokens(isFile);
    generateTexts.visit(body, texts.visit);
    return texts.tokens;
  },
  usage,
  unpricedField: () => null,
};
