import type { SharedV4ProviderMetadata, SharedV4ProviderOptions } from "@ai-sdk/provider";
import { isFields, isString } from "./fields.ts";

/**
 * Metadata that a provider requires back in the next request, such as the signature of a thought. Another provider's
 * format has no field for it, so it travels as an opaque string where that format keeps its own signatures.
 */
const MARK = "tgm1.";
/** The signature of a thought that has none. Formats that require one get it. */
export const UNSIGNED_THOUGHT = MARK;
/** Before metadata that is carried in an id, where only letters, digits, `-` and `_` are allowed. */
const ID_MARK = "__tgm1_";
/** Bytes of JSON. Larger metadata is not carried. */
const BYTES_MAX = 64 * 1024;

/**
 * All that is carried, by namespace of the AI SDK. A caller can write such a string too, so nothing that may contain
 * text of a prompt or an option of a request can be listed here.
 */
const CARRIED: Readonly<Record<string, readonly string[]>> = {
  anthropic: ["signature", "redactedData"],
  amazonBedrock: ["signature", "redactedData", "redactedContent"],
  google: ["thoughtSignature"],
  compatible: ["thoughtSignature"],
  openai: ["itemId", "reasoningEncryptedContent"],
};

/** The opaque string of a part's metadata. Null: the metadata has nothing that is carried, or is too large. */
export function carry(metadata: SharedV4ProviderMetadata | undefined): string | null {
  const packed = pack(metadata);
  return packed && MARK + packed;
}

/** The metadata in a string that `carry` made. Null: the string is the format's own, or is damaged. */
export const carried = (text: string): SharedV4ProviderOptions | null =>
  text.startsWith(MARK) ? unpack(text.slice(MARK.length)) : null;

export const isCarried = (text: unknown): boolean => isString(text) && text.startsWith(MARK);

/** An id that carries metadata, for formats that have no other field for it. */
export function idWithMetadata(id: string, metadata: SharedV4ProviderMetadata | undefined): string {
  const packed = pack(metadata);
  return packed === null ? id : id + ID_MARK + packed;
}

/** The provider's own id, and the metadata that the id carries. */
export function splitId(id: string): { id: string; metadata: SharedV4ProviderOptions | undefined } {
  const at = id.indexOf(ID_MARK);
  const metadata = at === -1 ? null : unpack(id.slice(at + ID_MARK.length));
  return metadata ? { id: id.slice(0, at), metadata } : { id, metadata: undefined };
}

/** Only the fields that are carried. Null: there are none. */
function known(metadata: unknown): SharedV4ProviderOptions | null {
  if (!isFields(metadata)) return null;
  const namespaces = Object.entries(CARRIED).flatMap(([namespace, names]) => {
    const given = metadata[namespace];
    const fields = isFields(given) ? names.filter((name) => isString(given[name])) : [];
    if (!isFields(given) || fields.length === 0) return [];
    return [[namespace, Object.fromEntries(fields.map((name) => [name, String(given[name])]))]];
  });
  return namespaces.length === 0 ? null : Object.fromEntries(namespaces);
}

function pack(metadata: SharedV4ProviderMetadata | undefined): string | null {
  const kept = known(metadata);
  const json = kept && Buffer.from(JSON.stringify(kept));
  return json && json.length <= BYTES_MAX ? json.toString("base64url") : null;
}

function unpack(packed: string): SharedV4ProviderOptions | null {
  try {
    return known(JSON.parse(Buffer.from(packed, "base64url").toString()));
  } catch {
    return null;
  }
}
