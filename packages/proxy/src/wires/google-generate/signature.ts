import type { SharedV4ProviderMetadata, SharedV4ProviderOptions } from "@ai-sdk/provider";
import { carried, carry, isCarried, UNSIGNED_THOUGHT } from "../carried-metadata.ts";
import { isString } from "../fields.ts";

/**
 * Signatures are bytes in Google's format, and some clients decode them, so what is carried is base64 here. This is how
 * such a signature starts.
 */
const START = Buffer.from(UNSIGNED_THOUGHT).toString("base64").slice(0, 6);

const packed = (text: string): string => Buffer.from(text).toString("base64");

/** The text that `carry` made, if a signature contains one. Null: the signature is Google's own. */
function unpacked(signature: unknown): string | null {
  if (!isString(signature) || !signature.startsWith(START)) return null;
  const text = Buffer.from(signature, "base64").toString();
  return isCarried(text) ? text : null;
}

/** The signature for a part's metadata. Undefined: nothing is required back. */
export function signatureFor(metadata: SharedV4ProviderMetadata | undefined): string | undefined {
  const text = carry(metadata);
  return text === null ? undefined : packed(text);
}

/** The signature of a call that has none. It shows Google later that the call is not its own. */
export const UNSIGNED_CALL = packed(UNSIGNED_THOUGHT);

export const isForeign = (signature: unknown): boolean => unpacked(signature) !== null;

/** The metadata in a signature. Undefined: it is Google's own, or has none. */
export function metadataIn(signature: unknown): SharedV4ProviderOptions | undefined {
  const text = unpacked(signature);
  return (text === null ? null : carried(text)) ?? undefined;
}

/** Whether metadata belongs to a thought without text, and not to the part that follows it. */
export const isHiddenThought = ({ openai, anthropic, amazonBedrock }: SharedV4ProviderOptions = {}): boolean =>
  [openai?.reasoningEncryptedContent, anthropic?.redactedData].some(isString) ||
  [amazonBedrock?.redactedData, amazonBedrock?.redactedContent].some(isString);

/** Whether the text of a thought must come back with its metadata. */
export const needsText = ({ anthropic, amazonBedrock }: SharedV4ProviderMetadata = {}): boolean =>
  isString(anthropic?.signature) || isString(amazonBedrock?.signature);
