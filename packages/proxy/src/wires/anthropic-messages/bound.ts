import type { UsageBound } from "@tollgate/catalog/rates";
import { Pace, type Steps } from "../../body/steps.ts";
import { type Fields, fieldsOf, isFields } from "../fields.ts";
import type { PromptMedia } from "../media/medium.ts";
import { MediaCollector, type MediumKind, withMedia } from "../media/prompt-media.ts";
import { SEARCHES_MAX, TextTokens, TOOL_PREAMBLE_TOKENS } from "../prompt-tokens.ts";
import type { Bounds, Path } from "../wire.ts";
import { within } from "../within.ts";
import { blocksOf, toolsOf } from "./blocks.ts";
import { messagesTexts } from "./texts.ts";

interface Marks {
  hasImage: boolean;
  /** A document whose tokens cannot be bounded by its bytes: a PDF, or one that is only named. */
  hasDocument: boolean;
  hasLongCacheWrite: boolean;
}

interface Measure {
  media: PromptMedia;
  estimate: number;
  marks: Marks;
}

const measures = new WeakMap<object, Measure>();

/** Whether the text is an image or a PDF: its bytes or its address. */
const isImage = (_text: string, path: Path, isData: boolean): boolean =>
  path[0] === "messages" && path.at(-2) === "source" && (path.at(-1) === "url" || (path.at(-1) === "data" && isData));

/** An image, or a file that is one or a PDF. */
const kindsIn =
  (body: Fields) =>
  (_text: string, path: Path, isData: boolean): MediumKind | null => {
    if (!isImage(_text, path, isData)) return null;
    if (!isData) return "image";
    const source = within(body, path.slice(0, -1));
    const type = isFields(source) ? source.media_type : undefined;
    return typeof type === "string" && type.startsWith("image/") ? "image" : "file";
  };

const isLong = ({ cache_control: mark }: Fields): boolean => isFields(mark) && mark.ttl === "1h";

function note(marks: Marks, block: Fields): void {
  const { type } = block;
  if (type === "image") marks.hasImage = true;
  // A PDF in base64 is measured by its pages.
  const isPlain = isFields(block.source) && ["text", "content", "base64"].includes(String(block.source.type));
  if ((type === "document" && !isPlain) || type === "container_upload") {
    marks.hasDocument = true;
    marks.hasImage = true;
  } else if (type === "document") marks.hasImage = true;
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

/** A page that the provider fetches is part of the prompt. Its size is not known before. */
const fetchesPages = ({ type }: Fields): boolean => typeof type === "string" && type.startsWith("web_fetch");

/** Searches of Anthropic's tool, which says how many it may make. `read` has checked the number. */
const searchesOf = (body: Fields): number =>
  toolsOf(body)
    .filter(({ type }) => typeof type === "string" && type.startsWith("web_search"))
    .reduce((sum, { max_uses: max }) => sum + (typeof max === "number" ? max : SEARCHES_MAX), 0);

/** It asks another model, whose usage is not in the totals. */
const isAdvisor = ({ type }: Fields): boolean => typeof type === "string" && type.startsWith("advisor_");

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
  const collector = new MediaCollector(kindsIn(fieldsOf(body)));
  const texts = new TextTokens(isImage);
  yield* messagesTexts.visiting(body, (...text) => {
    collector.visit(text[0], text[1], text[2]);
    texts.visit(...text);
  });
  const marks = noMarks();
  const pace = new Pace();
  for (const block of blocksOf(fieldsOf(body))) {
    note(marks, block);
    if (pace.passes(block)) yield;
  }
  measures.set(body, { media: yield* collector.measuring(), estimate: texts.tokens, marks });
}

function media(body: object): PromptMedia {
  const known = measures.get(body);
  if (known) return known.media;
  const collector = new MediaCollector(kindsIn(fieldsOf(body)));
  messagesTexts.visit(body, collector.visit);
  return collector.measured();
}

export const messagesBounds: Bounds = {
  measuring,
  promptTokensMax: (body, bodyBytes, upstreamModel) =>
    withMedia(media(body), bodyBytes + (Array.isArray(fieldsOf(body).tools) ? TOOL_PREAMBLE_TOKENS : 0), upstreamModel),
  hasDocument: (body) => marksOf(fieldsOf(body)).hasDocument || toolsOf(fieldsOf(body)).some(fetchesPages),
  promptTokensEstimate(body) {
    const known = measures.get(body);
    if (known) return known.estimate;
    const texts = new TextTokens(isImage);
    messagesTexts.visit(body, texts.visit);
    return texts.tokens;
  },
  usage,
  unpricedField: (body) => (toolsOf(fieldsOf(body)).some(isAdvisor) ? "tools" : null),
};
