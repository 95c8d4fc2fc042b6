import type { UsageBound } from "@tollgate/catalog/rates";
import { Pace, type Steps } from "../../body/steps.ts";
import { type Fields, fieldsOf, isFields } from "../fields.ts";
import { ImageTokens, SEARCHES_MAX, TextTokens, TOOL_PREAMBLE_TOKENS } from "../prompt-tokens.ts";
import type { Bounds, Path } from "../wire.ts";
import { blocksOf, toolsOf } from "./blocks.ts";
import { messagesTexts } from "./texts.ts";

interface Marks {
  hasImage: boolean;
  /** A document whose tokens cannot be bounded by its bytes: a PDF, or one that is only named. */
  hasDocument: boolean;
  hasLongCacheWrite: boolean;
}

interface Measure {
  imageTokens: number;
  estimate: number;
  marks: Marks;
}

const measures = new WeakMap<object, Measure>();

/** Whether the text is an image or a PDF: its bytes or its address. */
const isImage = (_text: string, path: Path, isData: boolean): boolean =>
  path[0] === "messages" && path.at(-2) === "source" && (path.at(-1) === "url" || (path.at(-1) === "data" && isData));

const isLong = ({ cache_control: mark }: Fields): boolean => isFields(mark) && mark.ttl === "1h";

function note(marks: Marks, block: Fields): void {
  const { type } = block;
  if (type === "image") marks.hasImage = true;
  const isPlain = isFields(block.source) && (block.source.type === "text" || block.source.type === "content");
  if ((type === "document" && !isPlain) || type === "container_upload") {
    marks.hasDocument = true;
    marks.hasImage = true;
  }
  if (isLong(block)) marks.hasLongCacheWrite = true;
}

const noMarks = (): Marks => ({ hasImage: false, hasDocument: false, hasLongCacheWrite: false });

function marksOf(body: Fields): Marks {
  const known = measures.get(body);
  if (known) return known.marks;
  const marks = noMarks();
  for (const block of blocksOf(body)) note(marks, block);
  return marks;
}

/** Searches of Anthropic's tool, which says how many it may make. `read` has checked the number. */
const searchesOf = (body: Fields): number =>
  toolsOf(body)
    .filter(({ type }) => typeof type === "string" && type.startsWith("web_search"))
    .reduce((sum, { max_uses: max }) => sum + (typeof max === "number" ? max : SEARCHES_MAX), 0);

function usage(given: object, promptTokens: number, outputTokens: number): UsageBound {
  const body = fieldsOf(given);
  const { hasImage, hasLongCacheWrite } = marksOf(body);
  const isMarkedLong = hasLongCacheWrite || isLong(body) || toolsOf(body).some(isLong);
  return {
    input: promptTokens,
    output: outputTokens,
    cacheWrite1h: isMarkedLong ? undefined : 0,
    audioInput: 0,
    imageInput: hasImage ? undefined : 0,
    audioOutput: 0,
    searches: searchesOf(body),
  };
}

function* measuring(body: object): Steps<void> {
  const images = new ImageTokens(isImage);
  const texts = new TextTokens(isImage);
  yield* messagesTexts.visiting(body, (...text) => {
    images.visit(...text);
    texts.visit(...text);
  });
  const marks = noMarks();
  const pace = new Pace();
  for (const block of blocksOf(fieldsOf(body))) {
    note(marks, block);
    if (pace.passes(block)) yield;
  }
  measures.set(body, { imageTokens: images.tokens, estimate: texts.tokens, marks });
}

export const messagesBounds: Bounds = {
  measuring,
  promptTokensMax(body, bodyBytes) {
    const images = new ImageTokens(isImage);
    const known = measures.get(body);
    if (!known) messagesTexts.visit(body, images.visit);
    const tools = Array.isArray(fieldsOf(body).tools) ? TOOL_PREAMBLE_TOKENS : 0;
    return bodyBytes + tools + (known?.imageTokens ?? images.tokens);
  },
  hasDocument: (body) => marksOf(fieldsOf(body)).hasDocument,
  promptTokensEstimate(body) {
    const known = measures.get(body);
    if (known) return known.estimate;
    const texts = new TextTokens(isImage);
    messagesTexts.visit(body, texts.visit);
    return texts.tokens;
  },
  usage,
  unpricedField: () => null,
};
