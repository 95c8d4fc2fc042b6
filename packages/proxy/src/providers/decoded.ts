import { brotliDecompressSync, gunzipSync, inflateSync, zstdDecompressSync } from "node:zlib";

const DECODERS: Record<string, (bytes: Buffer, options: { maxOutputLength: number }) => Buffer> = {
  gzip: gunzipSync,
  "x-gzip": gunzipSync,
  deflate: inflateSync,
  br: brotliDecompressSync,
  zstd: zstdDecompressSync,
};
const ENCODINGS_MAX = 2;

/**
 * Undoes a content encoding the provider used although asked not to. Null: unknown, corrupt, more than two deep, or more
 * than `bytesMax` when unpacked.
 */
export function decoded(bytes: Buffer, encoding: string | undefined, bytesMax: number): Buffer | null {
  if (encoding === undefined || encoding === "" || encoding === "identity") return bytes;
  const names = encoding.split(",").map((name) => name.trim().toLowerCase());
  if (names.length > ENCODINGS_MAX) return null;
  let body = bytes;
  for (const name of names.reverse()) {
    const decode = DECODERS[name];
    if (!decode) return null;
    try {
      body = decode(body, { maxOutputLength: bytesMax });
    } catch {
      return null;
    }
  }
  return body;
}
