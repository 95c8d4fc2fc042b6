import type { LanguageModelV4FilePart, LanguageModelV4TextPart } from "@ai-sdk/provider";
import type { Bridge } from "../../codec.ts";
import { type Fields, invalid, isFields, isString, unsupported } from "../../fields.ts";
import { decodeAudio, decodeData, decodeImage } from "../../openai-files.ts";

type UserPart = LanguageModelV4TextPart | LanguageModelV4FilePart;

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
    case "input_audio":
      return decodeAudio(part.input_audio, param, bridge, providerName);
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
