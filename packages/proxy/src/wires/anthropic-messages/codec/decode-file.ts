import type { LanguageModelV4FilePart, LanguageModelV4TextPart } from "@ai-sdk/provider";
import { type Fields, invalid, isFields, isString, unsupported } from "../../fields.ts";
import type { Decoding } from "./decoding.ts";

export type UserPart = LanguageModelV4TextPart | LanguageModelV4FilePart;

/** Translates an image. Addresses are not fetched: they go to the provider, or are refused. */
export function decodeImage(block: Fields, param: string, { bridge, providerName }: Decoding): UserPart {
  const { source } = block;
  if (!isFields(source)) throw invalid(`${param}.source`, "an object");
  if (source.type === "base64") return base64(source, param);
  if (source.type !== "url" || !bridge.takesImageUrls) throw unsupported(`${param}.source.type`, providerName);
  return { type: "file", mediaType: "image/*", data: { type: "url", url: urlOf(source, param) } };
}

/** Translates a document: a PDF stays one; plain text and blocks become parts of the prompt. */
export function decodeDocument(block: Fields, param: string, decoding: Decoding): UserPart[] {
  const { source, title, context, citations } = block;
  if (!isFields(source)) throw invalid(`${param}.source`, "an object");
  if (isFields(citations) && citations.enabled === true) throw unsupported(`${param}.citations`, decoding.providerName);
  const heading = [title, context].filter(isString).filter((text) => text !== "");
  const headings: UserPart[] = heading.length > 0 ? [{ type: "text", text: heading.join("\n") }] : [];
  switch (source.type) {
    case "base64":
      return [...(isString(context) && context !== "" ? headings : []), named(base64(source, param), title)];
    case "text":
      if (!isString(source.data)) throw invalid(`${param}.source.data`, "a string");
      return [...headings, { type: "text", text: source.data }];
    case "content":
      return [...headings, ...decodeContent(source.content, `${param}.source.content`, decoding)];
    default:
      throw unsupported(`${param}.source.type`, decoding.providerName);
  }
}

/** Translates a string, or blocks of texts, images and documents. */
export function decodeContent(content: unknown, param: string, decoding: Decoding): UserPart[] {
  if (content === undefined || content === null || content === "") return [];
  if (isString(content)) return [{ type: "text", text: content }];
  if (!Array.isArray(content)) throw invalid(param, "a string or an array of content blocks");
  return content.flatMap((block: unknown, index) => decodePart(block, `${param}[${index}]`, decoding));
}

/** Translates a block of a user's message or of a tool result. Empty texts are left out: providers refuse them. */
export function decodePart(block: unknown, param: string, decoding: Decoding): UserPart[] {
  if (!isFields(block)) throw invalid(param, "an object");
  const parts = partsOf(block, param, decoding);
  const providerOptions = decoding.extensions(block);
  const last = parts.at(-1);
  return providerOptions && last ? [...parts.slice(0, -1), { ...last, providerOptions }] : parts;
}

function partsOf(block: Fields, param: string, decoding: Decoding): UserPart[] {
  switch (block.type) {
    case "text":
      if (!isString(block.text)) throw invalid(`${param}.text`, "a string");
      return block.text === "" ? [] : [{ type: "text", text: block.text }];
    case "image":
      return [decodeImage(block, param, decoding)];
    case "document":
      return decodeDocument(block, param, decoding);
    case "search_result": {
      const heading = [block.title, block.source].filter(isString).join("\n");
      return [{ type: "text", text: heading }, ...decodeContent(block.content, `${param}.content`, decoding)];
    }
    default:
      throw unsupported(`${param}.type`, decoding.providerName);
  }
}

function base64({ media_type: mediaType, data }: Fields, param: string): LanguageModelV4FilePart {
  if (!isString(mediaType)) throw invalid(`${param}.source.media_type`, "a media type");
  if (!isString(data)) throw invalid(`${param}.source.data`, "base64");
  return { type: "file", mediaType, data: { type: "data", data } };
}

const named = (part: LanguageModelV4FilePart, title: unknown): UserPart =>
  isString(title) && title !== "" ? { ...part, filename: title } : part;

function urlOf({ url }: Fields, param: string): URL {
  const parsed = isString(url) ? URL.parse(url) : null;
  if (!parsed) throw invalid(`${param}.source.url`, "a URL");
  return parsed;
}
