import type { LanguageModelV4File } from "@ai-sdk/provider";
import { isString } from "../../fields.ts";

/** An image that the model made, in the form in which users send images. Null: the format has nothing for other files. */
export function imageBlock({ mediaType, data }: LanguageModelV4File): object | null {
  if (!mediaType.startsWith("image/") || data.type !== "data") return null;
  const base64 = isString(data.data) ? data.data : Buffer.from(data.data).toString("base64");
  return { type: "image", source: { type: "base64", media_type: mediaType, data: base64 } };
}
