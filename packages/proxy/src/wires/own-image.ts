import type { LanguageModelV4FilePart } from "@ai-sdk/provider";
import type { Bridge } from "./codec.ts";

/**
 * An image that a model made in an earlier answer, as a part of that answer. Null: the provider does not take images in
 * its own answers, so the conversation goes on without it.
 */
export const ownImage = (
  { takesOwnImages }: Pick<Bridge, "takesOwnImages">,
  mediaType: string,
  base64: string,
): LanguageModelV4FilePart | null =>
  takesOwnImages ? { type: "file", mediaType, data: { type: "data", data: base64 } } : null;
