import type { LanguageModelV4FilePart, LanguageModelV4TextPart } from "@ai-sdk/provider";
import type { Bridge } from "../../codec.ts";
import { type Fields, invalid, isFields, isString, unsupported } from "../../fields.ts";
import { decodeAudio, decodeData, decodeImage } from "../../openai-files.ts";

type Part = LanguageModelV4TextPart | LanguageModelV4FilePart;

const TEXTS = new Set<unknown>(["input_text", "output_text", "text", "summary_text"]);

/** The texts of a message that may have no other parts. */
export function textsIn(content: unknown, param: string, providerName: string): string[] {
  if (isString(content)) return [content];
  if (!Array.isArray(content)) throw invalid(param, "a string or an array of parts");
  return content.map((part: unknown, index) => {
    const text = isFields(part) && (TEXTS.has(part.type) ? part.text : part.type === "refusal" && part.refusal);
    if (!isString(text)) throw unsupported(`${param}[${index}].type`, providerName);
    return text;
  });
}

/**
 * Translates the parts of a user message or of a tool's result. URLs are not fetched: they go to the provider unchanged,
 * or are refused with 400.
 */
export function decodeParts(content: unknown, param: string, bridge: Bridge, providerName: string): Part[] {
  if (isString(content)) return [{ type: "text", text: content }];
  if (!Array.isArray(content)) throw invalid(param, "a string or an array of parts");
  return content.map((part, index) => decodePart(part, `${param}[${index}]`, bridge, providerName));
}

function decodePart(part: unknown, param: string, bridge: Bridge, providerName: string): Part {
  if (!isFields(part)) throw invalid(param, "an object");
  if (TEXTS.has(part.type)) {
    if (!isString(part.text)) throw invalid(`${param}.text`, "a string");
    return { type: "text", text: part.text };
  }
  switch (part.type) {
    case "input_image":
      if (!isString(part.image_url)) throw unsupported(`${param}.file_id`, providerName);
      return decodeImage(part.image_url, `${param}.image_url`, bridge, providerName);
    case "input_file":
      return decodeFile(part, param, providerName);
    case "input_audio":
      return decodeAudio(part.input_audio, param, bridge, providerName);
    default:
      throw unsupported(`${param}.type`, providerName);
  }
}

function decodeFile(part: Fields, param: string, providerName: string): Part {
  if (!isString(part.file_data)) {
    throw unsupported(`${param}.${isString(part.file_url) ? "file_url" : "file_id"}`, providerName);
  }
  const file = decodeData(part.file_data, `${param}.file_data`, "application/pdf");
  return { ...file, filename: isString(part.filename) ? part.filename : undefined };
}
