import { joining } from "../../body/joining.ts";
import { inTurns, type Lane } from "../../body/steps.ts";
import { DECODERS } from "../../body/unpacked.ts";

const ENCODINGS_MAX = 2;
const CHUNK_BYTES = 64 * 1024;

export const isPacked = (encoding: string | undefined): encoding is string =>
  encoding !== undefined && encoding !== "" && encoding !== "identity";

/**
 * Returns a response body as one buffer, decompressed on zlib's threads if the provider compressed it although we asked
 * for no compression. Null: an unknown encoding, more than two encodings, corrupt bytes, or more than `bytesMax`
 * decompressed.
 */
export async function decoded(
  chunks: readonly Buffer[],
  encoding: string | undefined,
  bytesMax: number,
  lane: Lane,
): Promise<Buffer | null> {
  let body = chunks;
  if (isPacked(encoding)) {
    const names = encoding.split(",").map((name) => name.trim().toLowerCase());
    if (names.length > ENCODINGS_MAX) return null;
    for (const name of names.reverse()) {
      const unpacked = await unpackedOnce(body, name, bytesMax);
      if (!unpacked) return null;
      body = unpacked;
    }
  }
  return inTurns(joining(body), lane);
}

async function unpackedOnce(chunks: readonly Buffer[], encoding: string, bytesMax: number): Promise<Buffer[] | null> {
  const decoder = DECODERS.get(encoding)?.({ chunkSize: CHUNK_BYTES });
  if (!decoder) return null;
  for (const chunk of chunks) decoder.write(chunk);
  decoder.end();
  const plain: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of decoder as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > bytesMax) return null;
      plain.push(chunk);
    }
  } catch {
    return null;
  }
  return plain;
}
