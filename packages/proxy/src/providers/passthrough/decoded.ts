import { TollgateError } from "@tollgate/contracts/errors";
import type { Collected } from "../../body/collected.ts";
import { DECODERS, decompressed, TooLarge } from "../../body/unpacked.ts";

const ENCODINGS_MAX = 2;

export const isPacked = (encoding: string | undefined): encoding is string =>
  encoding !== undefined && encoding !== "" && encoding !== "identity";

/**
 * Returns a response body as one buffer, decompressed on zlib's threads if the provider compressed it although we asked
 * for no compression. Null: an unknown encoding, more than two encodings, corrupt bytes, or more than `bytesMax`
 * decompressed. Throws 503 when there is no memory.
 */
export async function decoded(
  collected: Collected,
  encoding: string | undefined,
  bytesMax: number,
): Promise<Buffer | null> {
  if (!isPacked(encoding)) return collected.bytes();
  const names = encoding.split(",").map((name) => name.trim().toLowerCase());
  if (names.length > ENCODINGS_MAX) return null;
  const { memory } = collected;
  if (!collected.isReserved) memory.take(collected.length);
  return memory.unpacking(async () => {
    let body = collected.bytes();
    for (const name of names.toReversed()) {
      const open = DECODERS.get(name);
      if (!open) return null;
      try {
        body = await decompressed(body, name, open, bytesMax, memory);
      } catch (error) {
        if (error instanceof TollgateError && error.code === "overloaded") throw error;
        if (error instanceof TollgateError || error instanceof TooLarge) return null;
        throw error;
      }
    }
    return body;
  });
}
