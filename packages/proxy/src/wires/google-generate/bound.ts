import type { UsageBound } from "@tollgate/catalog/rates";
import { Pace, type Steps } from "../../body/steps.ts";
import { type Fields, fieldsOf, isFields, isString } from "../fields.ts";
import { ImageTokens, SEARCHES_MAX, TextTokens, TOOL_PREAMBLE_TOKENS } from "../prompt-tokens.ts";
import type { Bounds, Path } from "../wire.ts";
import { fileIn, partsOf, toolsOf } from "./contents.ts";
import { listOf, named } from "./names.ts";
import { generateTexts } from "./texts.ts";

interface Marks {
  hasImage: boolean;
  hasAudio: boolean;
  /** A file whose tokens cannot be bounded by its bytes: a PDF, a video, or one that is only named. */
  hasDocument: boolean;
}

interface Measure {
  imageTokens: number;
  estimate: number;
  marks: Marks;
}

const measures = new WeakMap<object, Measure>();

/** Whether the text is the bytes or the address of a file. Signatures are no file. */
const isFile = (_text: string, path: Path, isData: boolean): boolean => {
  const name = path.at(-1);
  return name === "fileUri" || name === "file_uri" || (isData && name === "data");
};

function note(marks: Marks, part: Fields): void {
  const file = fileIn(part);
  if (!file) return;
  const type = isString(file.mimeType) ? file.mimeType.toLowerCase() : "";
  const isAddress = (part.fileData ?? null) !== null;
  if (type.startsWith("audio/")) marks.hasAudio = true;
  else if (!type.startsWith("text/")) marks.hasImage = true;
  if (type.startsWith("video/")) marks.hasAudio = true;
  if (isAddress || !/^(?:image|audio|text)\//.test(type)) marks.hasDocument = true;
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

const asksToSearch = (body: Fields): boolean =>
  toolsOf(body).some((tool) => SEARCH_TOOLS.some((name) => (tool[name] ?? null) !== null));

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
  const images = new ImageTokens(isFile);
  const texts = new TextTokens(isFile);
  yield* generateTexts.visiting(body, (...text) => {
    images.visit(...text);
    texts.visit(...text);
  });
  const marks = noMarks();
  const pace = new Pace();
  for (const part of partsOf(fieldsOf(body))) {
    note(marks, part);
    if (pace.passes(part)) yield;
  }
  measures.set(body, { imageTokens: images.tokens, estimate: texts.tokens, marks });
}

export const generateBounds: Bounds = {
  measuring,
  promptTokensMax(body, bodyBytes) {
    const images = new ImageTokens(isFile);
    const known = measures.get(body);
    if (!known) generateTexts.visit(body, images.visit);
    const tools = toolsOf(fieldsOf(body)).length > 0 ? TOOL_PREAMBLE_TOKENS : 0;
    return bodyBytes + tools + (known?.imageTokens ?? images.tokens);
  },
  // The content of a cache is part of the prompt, and not of the request.
  hasDocument: (body) => (named(fieldsOf(body)).cachedContent ?? null) !== null || marksOf(fieldsOf(body)).hasDocument,
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
