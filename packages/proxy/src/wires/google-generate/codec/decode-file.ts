import type { LanguageModelV4FilePart, LanguageModelV4TextPart } from "@ai-sdk/provider";
import { TollgateError } from "@tollgate/contracts/errors";
import { invalid, isFields, isString, unsupportedValue } from "../../fields.ts";
import { named } from "../names.ts";
import type { Decoding } from "./decoding.ts";

type UserPart = LanguageModelV4TextPart | LanguageModelV4FilePart;

/** Other names of the two formats that other providers take. */
const AUDIO_TYPES: Readonly<Record<string, string>> = {
  "audio/mp3": "audio/mpeg",
  "audio/x-wav": "audio/wav",
  "audio/wave": "audio/wav",
};

/** Translates the bytes of a file. Texts become texts, because not every provider takes them as files. */
export function decodeInline(given: unknown, param: string, { bridge, providerName }: Decoding): UserPart {
  if (!isFields(given)) throw invalid(param, "an object");
  const { mimeType, data, displayName } = named(given, param);
  if (!isString(mimeType)) throw invalid(`${param}.mimeType`, "a media type");
  if (!isString(data)) throw invalid(`${param}.data`, "base64");
  const type = mimeType.toLowerCase();
  if (type.startsWith("text/")) return { type: "text", text: Buffer.from(data, "base64").toString() };
  const isTaken = type.startsWith("audio/") ? bridge.takesAudio : /^(?:image\/|application\/pdf$)/.test(type);
  if (!isTaken) throw unsupportedValue(`${param}.mimeType`, mimeType, providerName);
  return {
    type: "file",
    mediaType: AUDIO_TYPES[type] ?? type,
    data: { type: "data", data },
    ...(isString(displayName) && { filename: displayName }),
  };
}

/** Translates the address of a file. Addresses are not fetched: they go to the provider, or are refused. */
export function decodeAddress(given: unknown, param: string, { bridge, providerName }: Decoding): UserPart {
  if (!isFields(given)) throw invalid(param, "an object");
  const { mimeType, fileUri } = named(given, param);
  const url = isString(fileUri) ? URL.parse(fileUri) : null;
  if (!url) throw invalid(`${param}.fileUri`, "a URL");
  const type = isString(mimeType) && mimeType !== "" ? mimeType.toLowerCase() : "image/*";
  const isPublic = url.protocol === "https:" && url.hostname !== "generativelanguage.googleapis.com";
  if (!isPublic || !bridge.takesImageUrls || !type.startsWith("image/")) {
    const message = `${param}.fileUri: ${providerName} cannot read this file. Send its bytes as inlineData.`;
    throw new TollgateError("invalid_value", message, { param: `${param}.fileUri` });
  }
  return { type: "file", mediaType: type, data: { type: "url", url } };
}
