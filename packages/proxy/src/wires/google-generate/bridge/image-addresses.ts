import type { LanguageModelV4FilePart, LanguageModelV4Prompt } from "@ai-sdk/provider";
import { TollgateError } from "@tollgate/contracts/errors";

/** Media types by the end of a path. Google requires one, and reads the real type from the file. */
const TYPES: Readonly<Record<string, string>> = {
  png: "image/png",
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  webp: "image/webp",
  gif: "image/gif",
  heic: "image/heic",
  heif: "image/heif",
};
const DEFAULT_TYPE = "image/jpeg";

/** The prompt with a media type for each image that Google fetches itself. It does so by https only. */
export const withImageTypes = (prompt: LanguageModelV4Prompt): LanguageModelV4Prompt =>
  prompt.map((message) => {
    if (message.role !== "user" || !message.content.some(isAddress)) return message;
    return { ...message, content: message.content.map((part) => (isAddress(part) ? typed(part) : part)) };
  });

type Address = LanguageModelV4FilePart & { data: { type: "url"; url: URL } };

const isAddress = (part: { type: string }): part is Address =>
  part.type === "file" && (part as LanguageModelV4FilePart).data.type === "url";

function typed(part: Address): Address {
  const { protocol, pathname } = part.data.url;
  if (protocol !== "https:") {
    throw new TollgateError(
      "invalid_value",
      "Google fetches images by https only: send an https or a base64 data URL.",
    );
  }
  if (!part.mediaType.endsWith("/*")) return part;
  const end = /\.(\w{1,5})$/.exec(pathname)?.[1]?.toLowerCase();
  return { ...part, mediaType: (end && TYPES[end]) ?? DEFAULT_TYPE };
}
