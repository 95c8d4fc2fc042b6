import { promisify } from "node:util";
import { brotliDecompress, gunzip, inflate, zstdDecompress } from "node:zlib";
import { TollgateError } from "@tollgate/contracts/errors";

type Decoder = (bytes: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>;

const DECODERS: Record<string, Decoder> = {
  gzip: promisify(gunzip),
  deflate: promisify(inflate),
  br: promisify(brotliDecompress),
  zstd: promisify(zstdDecompress),
};

/** An upload without its content encoding. Throws 400 when it is corrupt, 413 beyond `bytesMax`, 415 when unknown. */
export async function unpacked(bytes: Buffer, encoding: string, bytesMax: number): Promise<Buffer> {
  if (encoding === "identity") return bytes;
  const decode = DECODERS[encoding.toLowerCase()];
  if (!decode) throw new TollgateError("unsupported_media_type", "The content encoding is not known.");
  try {
    return await decode(bytes, { maxOutputLength: bytesMax });
  } catch (error) {
    if (error instanceof RangeError) {
      throw new TollgateError("request_too_large", `The request body exceeds ${bytesMax} bytes.`);
    }
    throw new TollgateError("invalid_value", "The body is not what its content encoding says.");
  }
}
