import type { LanguageModelV4ReasoningPart, SharedV4ProviderMetadata } from "@ai-sdk/provider";
import { carried, carry } from "../../carried-metadata.ts";
import { isFields, isString } from "../../fields.ts";

/**
 * Thoughts with metadata that the provider requires back, such as a signature. Clients send `reasoning_details` back
 * unchanged, as OpenRouter's documentation asks them to.
 */
export interface ReasoningDetail {
  type: "reasoning.text" | "reasoning.encrypted";
  text?: string;
  signature?: string;
  data?: string;
  index: number;
}

/** Null: the thought has no metadata, so it need not come back. */
export function encodeThought(
  text: string,
  metadata: SharedV4ProviderMetadata | undefined,
  index: number,
): ReasoningDetail | null {
  const packed = carry(metadata);
  if (packed === null) return null;
  return text === ""
    ? { type: "reasoning.encrypted", data: packed, index }
    : { type: "reasoning.text", text, signature: packed, index };
}

/** The thoughts that an assistant message contains. Only those that `encodeThought` wrote have metadata. */
export function decodeThoughts(details: unknown): LanguageModelV4ReasoningPart[] {
  if (!Array.isArray(details)) return [];
  return details.filter(isFields).flatMap(({ text, signature, data }): LanguageModelV4ReasoningPart[] => {
    const packed = isString(signature) ? signature : data;
    const providerOptions = isString(packed) ? carried(packed) : null;
    return providerOptions ? [{ type: "reasoning", text: isString(text) ? text : "", providerOptions }] : [];
  });
}
