import type { LanguageModelV4FilePart } from "@ai-sdk/provider";
import type { Bridge } from "./codec.ts";
import { invalid, isFields, isString, unsupported } from "./fields.ts";

/* Files as OpenAI's formats have them. They throw 400 and name the field. */

const DATA_URL = /^data:([\w.+-]+\/[\w.+-]+)?(?:;[\w=.-]+)*;base64,/i;
const AUDIO_TYPES: Readonly<Record<string, string>> = { wav: "audio/wav", mp3: "audio/mpeg" };

/** URLs are not fetched: they go to the provider unchanged, or are refused. */
export function decodeImage(
  url: unknown,
  param: string,
  bridge: Bridge,
  providerName: string,
): LanguageModelV4FilePart {
  if (!isString(url)) throw invalid(param, "a string");
  if (url.startsWith("data:")) return decodeData(url, param, "image/*");
  const parsed = URL.parse(url);
  if (parsed?.protocol !== "https:" && parsed?.protocol !== "http:") {
    throw invalid(param, "an https or a base64 data URL");
  }
  if (!bridge.takesImageUrls) throw invalid(param, `a base64 data URL: ${providerName} fetches no images`);
  return { type: "file", mediaType: "image/*", data: { type: "url", url: parsed } };
}

/** `mediaType`: used if the data URL has none. */
export function decodeData(url: string, param: string, mediaType: string): LanguageModelV4FilePart {
  const match = DATA_URL.exec(url);
  if (!match) throw invalid(param, "a base64 data URL");
  return { type: "file", mediaType: match[1] ?? mediaType, data: { type: "data", data: url.slice(match[0].length) } };
}

/** `param`: the part. Its audio is in the field `input_audio`. */
export function decodeAudio(
  audio: unknown,
  param: string,
  bridge: Bridge,
  providerName: string,
): LanguageModelV4FilePart {
  if (!bridge.takesAudio) throw unsupported(`${param}.type`, providerName);
  if (!isFields(audio)) throw invalid(`${param}.input_audio`, "an object");
  const mediaType = AUDIO_TYPES[String(audio.format)];
  if (!isString(audio.data)) throw invalid(`${param}.input_audio.data`, "base64");
  if (!mediaType) throw invalid(`${param}.input_audio.format`, Object.keys(AUDIO_TYPES).join(" or "));
  return { type: "file", mediaType, data: { type: "data", data: audio.data } };
}
