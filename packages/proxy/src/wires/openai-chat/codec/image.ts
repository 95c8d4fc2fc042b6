import type { LanguageModelV4File } from "@ai-sdk/provider";
import { isString } from "../../fields.ts";

/** An image that the model made, in the shape that OpenRouter has for it. Null: the format has nothing for other files. */
export function imageOf({ mediaType, data }: LanguageModelV4File) {
  if (!mediaType.startsWith("image/") || data.type !== "data") return null;
  const base64 = isString(data.data) ? data.data : Buffer.from(data.data).toString("base64");
  return { type: "image_url", image_url: { url: `data:${mediaType};base64,${base64}` } };
}
