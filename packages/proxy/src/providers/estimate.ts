import type { UsageBound } from "@tollgate/catalog/rates";
import { type Path, visitTexts } from "../surfaces/texts.ts";

type Body = Readonly<Record<string, unknown>>;

/** The dearest image of any model known (2048 × 768 in full detail on gpt-4o-mini). */
const IMAGE_TOKENS_MAX = 48_200;
const IMAGE_TOKENS = 800;
/** What providers add to a prompt of their own accord when it has tools. */
const TOOL_PREAMBLE_TOKENS = 1_000;
/** Roles, separators and the start of the answer. */
const FRAMING_TOKENS = 4;
/** What a provider's own search is held at. */
const SEARCHES_MAX = 10;

/** Sound, or a document, where an image is meant: providers take it for what it is. */
const NO_IMAGE = /^data:(?!image\/)\w/i;

const isImage = (text: string, path: Path): boolean => path.includes("image_url") && !NO_IMAGE.test(text);

/**
 * An upper bound of the prompt's tokens. No tokenizer makes more tokens than there are bytes, so it is the bytes of the
 * body, but for images, which count by the piece and not by the size of their base64.
 */
export function promptTokensMax(body: Body, bodyBytes: number): number {
  let max = bodyBytes + (Array.isArray(body.tools) ? TOOL_PREAMBLE_TOKENS : 0);
  visitTexts(body, (text, path, isData) => {
    if (isImage(text, path)) max += IMAGE_TOKENS_MAX - (isData ? text.length : 0);
  });
  return max;
}

/** Of a few bytes, or of a mere reference, a model may make as many tokens as it can read: pages and films have no text size. */
const DOCUMENTS = new Set(["file", "input_file", "document", "video_url", "input_video", "video"]);
const PLAIN_DATA = /^data:(?:text|image|audio)\//i;

const mayBeDocument = ({ type, file, image_url: image }: Marked): boolean => {
  const url = typeof image === "object" ? image?.url : image;
  if (typeof url === "string") return url.startsWith("data:") && !PLAIN_DATA.test(url);
  return DOCUMENTS.has(String(type)) && !PLAIN_DATA.test(String(file?.file_data));
};

/** Whether a prompt may be larger than `promptTokensMax` says: only what its model can read bounds it then. */
export const hasDocument = (body: Body): boolean => somePart(body, mayBeDocument);

/** The most a call may use: its prompt's bound, its output's, and what makes either dearer. */
export function usageBound(body: Body, promptTokens: number, outputTokens: number): UsageBound {
  const searches = body.web_search_options || body.search_parameters ? SEARCHES_MAX : 0;
  const audio = (Array.isArray(body.modalities) && body.modalities.includes("audio")) || somePart(body, mayBeAudio);
  const images = somePart(body, mayBeImage);
  const longCacheWrites = somePart(body, isLongCacheMark) || some(body.tools, isLongCacheMark);
  return { inputTokens: promptTokens, outputTokens, searches, audio, images, longCacheWrites };
}

interface Marked {
  type?: unknown;
  cache_control?: { ttl?: unknown } | null;
  image_url?: { url?: unknown } | string | null;
  file?: { file_data?: unknown } | null;
}

const mayBeAudio = ({ type, image_url: image }: Marked): boolean =>
  type === "input_audio" || type === "file" || NO_IMAGE.test(String(typeof image === "object" ? image?.url : image));
/** Pages of a document are images to some providers, and no provider's parts are known to the last. */
const mayBeImage = ({ type }: Marked): boolean => type !== "text" && type !== "input_audio";
const isLongCacheMark = ({ cache_control: mark }: Marked): boolean => mark?.ttl === "1h";

const some = (list: unknown, is: (marked: Marked) => boolean): boolean =>
  Array.isArray(list) && list.some((each: Marked | null) => each && is(each));

const somePart = ({ messages }: Body, is: (marked: Marked) => boolean): boolean =>
  Array.isArray(messages) && messages.some((message: { content?: unknown }) => some(message.content, is));

/** Characters looked at for one estimate; beyond that a text is sampled. */
const SAMPLED_CHARS = 262_144;
const SAMPLES_MIN = 16;

/** A sane guess of the prompt's tokens, for events marked `estimated`. */
export function promptTokensEstimate(body: Body): number {
  let tokens = FRAMING_TOKENS;
  let samplesLeft = SAMPLED_CHARS;
  visitTexts(body, (text, path, isData) => {
    if (isImage(text, path)) tokens += IMAGE_TOKENS;
    else if (!isData) {
      tokens += FRAMING_TOKENS + textTokensEstimate(text, Math.max(SAMPLES_MIN, samplesLeft));
      samplesLeft -= text.length;
    }
  });
  return tokens;
}

/**
 * A sane guess of output tokens from the bytes (UTF-8) received: four letters of Latin text make a token, and about one and
 * a half of scripts that take three bytes each.
 */
export const outputTokensEstimate = (deliveredBytes: number): number => Math.ceil(deliveredBytes / 4);

/** About four characters of Latin text make a token, and about one and a half of most other scripts. */
function textTokensEstimate(text: string, samplesMax: number): number {
  const step = Math.ceil(text.length / samplesMax) || 1;
  let wide = 0;
  for (let i = 0; i < text.length; i += step) if (text.charCodeAt(i) > 0x24f) wide += step;
  wide = Math.min(wide, text.length);
  return Math.ceil((text.length - wide) / 4 + wide / 1.5);
}
