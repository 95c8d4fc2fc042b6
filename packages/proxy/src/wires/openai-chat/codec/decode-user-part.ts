import type { LanguageModelV4FilePart, LanguageModelV4TextPart } from "@ai-sdk/provider";
import type { Bridge } from "../../codec.ts";
import { type Fields, invalid, isFields, isString, unsupported } from "../../fields.ts";

type UserPart = LanguageModelV4TextPart | LanguageModelV4FilePart;

const DATA_URL = /^data:([\w.+-]+\/[\w.+-]+)?(?:;[\w=.-]+)*;base64,/i;
const AUDIO_TYPES: Readonly<Record<string, string>> = { wav: "audio/wav", mp3: "audio/mpeg" };

/**
 * Translates one part of a user message. URLs are not fetched: they go to the provider unchanged, or are refused with
 * 400.
 */
export function decodeUserPart(part: unknown, param: string, bridge: Bridge, providerName: string): UserPart {
  if (!isFields(part)) throw invalid(param, "an object");
  return { ...decodePart(part, param, bridge, providerName), providerOptions: bridge.extensions(part) };
}

function decodePart(part: Fields, param: string, bridge: Bridge, providerName: string): UserPart {
  switch (part.type) {
    case "text":
      if (!isString(part.text)) throw invalid(`${param}.text`, "a string");
      return { type: "text", text: part.text };
    case "image_url": {
      const url = isFields(part.image_url) ? part.image_url.url : part.image_url;
      return decodeImage(url, `${param}.image_url.url`, bridge, providerName);
    }
    case "input_audio": {
      if (!bridge.takesAudio) throw unsupported(`${param}.type`, providerName);
      if (!isFields(part.input_audio)) throw invalid(`${param}.input_audio`, "an object");
      const { data, format } = part.input_audio;
      const mediaType = AUDIO_TYPES[String(format)];
      if (!isString(data)) throw invalid(`${param}.input_audio.data`, "base64");
      if (!mediaType) throw invalid(`${param}.input_audio.format`, Object.keys(AUDIO_TYPES).join(" or "));
      return { type: "file", mediaType, data: { type: "data", data } };
    }
    case "file": {
      if (!isFields(part.file)) throw invalid(`${param}.file`, "an object");
      if (!isString(part.file.file_data)) throw unsupported(`${param}.file.file_id`, providerName);
      const file = decodeData(part.file.file_data, `${param}.file.file_data`, "application/pdf");
      return { ...file, filename: isString(part.file.filename) ? part.file.filename : undefined };
    }
    default:
      throw unsupported(`${param}.type`, providerName);
  }
}

function decodeImage(url: unknown, param: string, bridge: Bridge, providerName: string): LanguageModelV4FilePart {
  if (!isString(url)) throw invalid(param, "a string");
  if (url.startsWith("data:")) return decodeData(url, param, "image/*");
  const parsed = URL.parse(url);
  if (parsed?.protocol !== "https:" && parsed?.protocol !== "http:")
    throw invalid(param, "an https or a base64 data URL");
  if (!bridge.takesImageUrls) throw invalid(param, `a base64 data URL: ${providerName} fetches no images`);
  return { type: "file", mediaType: "image/*", data: { type: "url", url: parsed } };
}

function decodeData(url: string, param: string, mediaType: string): LanguageModelV4FilePart {
  const match = DATA_URL.exec(url);
  if (!match) throw invalid(param, "a base64 data URL");
  return { type: "file", mediaType: match[1] ?? mediaType, data: { type: "data", data: url.slice(match[0].length) } };
}
