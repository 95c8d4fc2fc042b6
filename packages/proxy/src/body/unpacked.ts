import { createBrotliDecompress, createGunzip, createInflate, createZstdDecompress } from "node:zlib";
import { TollgateError } from "@tollgate/contracts/errors";
import type { BodyShare } from "../body-memory.ts";
import { Gathered } from "./gathered.ts";
import { freeNow } from "./pages.ts";

type Decoder = typeof createGunzip | typeof createZstdDecompress;

export const DECODERS = new Map<string, Decoder>(
  Object.entries({
    gzip: createGunzip,
    "x-gzip": createGunzip,
    deflate: createInflate,
    br: createBrotliDecompress,
    zstd: createZstdDecompress,
  }),
);

/** Text compresses ten to one, the most repetitive prompts fifty to one, a decompression bomb a thousand to one. */
const RATIO_MAX = 100;
const CHUNK_BYTES = 64 * 1024;
/** Size of header and trailer. The trailer ends with the unpacked size, which is used only as a hint. */
const GZIP_BYTES_MIN = 18;
/** Up to this unpacked size the ratio is not checked. */
const RATIO_FREE_BYTES = 1024 * 1024;

/**
 * Decompresses a request body piece by piece on zlib's threads and frees the compressed bytes. Throws 400 when it is
 * corrupt, 413 beyond `bytesMax` or 100 times its size, 415 when the encoding is unknown, 503 when there is no memory.
 */
export async function unpacked(bytes: Buffer, encoding: string, bytesMax: number, memory: BodyShare): Promise<Buffer> {
  if (encoding === "identity") return bytes;
  const open = DECODERS.get(encoding.toLowerCase());
  if (!open) throw new TollgateError("unsupported_media_type", "The content encoding is not known.");
  const allowed = Math.min(bytesMax, Math.max(RATIO_FREE_BYTES, RATIO_MAX * bytes.length));
  try {
    return await decompressed(bytes, encoding, open, allowed, memory);
  } catch (error) {
    throw error instanceof TooLarge ? tooMuch(bytesMax, allowed) : error;
  }
}

/** More bytes come out than are allowed. */
export class TooLarge extends Error {}

/**
 * Decompresses a body with a known decoder. Throws `TooLarge` beyond `bytesMax`, 400 when it is corrupt, 503 when there is no
 * memory.
 */
export async function decompressed(
  bytes: Buffer,
  encoding: string,
  open: Decoder,
  bytesMax: number,
  memory: BodyShare,
): Promise<Buffer> {
  const plain = new Gathered(memory, bytesMax);
  if (/gzip/i.test(encoding) && bytes.length >= GZIP_BYTES_MIN) plain.expect(bytes.readUInt32LE(bytes.length - 4));
  const decoder = open({ chunkSize: CHUNK_BYTES });
  decoder.end(bytes);
  try {
    for await (const chunk of decoder as AsyncIterable<Buffer>) {
      if (plain.length + chunk.length > bytesMax) throw new TooLarge();
      plain.add(chunk);
      // `plain` uses the first chunk as its buffer until a second one arrives.
      if (plain.length > chunk.length) freeNow(chunk);
    }
  } catch (error) {
    decoder.destroy();
    plain.drop();
    if (error instanceof TollgateError || error instanceof TooLarge) throw error;
    throw new TollgateError("invalid_value", "The body does not match its content encoding.");
  }
  memory.give(bytes.length);
  freeNow(bytes);
  return plain.bytes();
}

const tooMuch = (bytesMax: number, allowed: number): TollgateError =>
  new TollgateError(
    "request_too_large",
    allowed < bytesMax
      ? `The request body unpacks to more than ${RATIO_MAX} times its size.`
      : `The request body exceeds ${bytesMax} bytes.`,
  );
