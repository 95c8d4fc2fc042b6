/** From this size on a buffer has pages of its own. What `malloc` is given back in such sizes it keeps. */
const PAGES_BYTES = 256 * 1024;

/** A resizable buffer, which is never resized: only these get their memory from the system and not from `malloc`. */
export const allocated = (bytes: number): Buffer =>
  bytes < PAGES_BYTES
    ? Buffer.allocUnsafeSlow(bytes)
    : Buffer.from(new ArrayBuffer(bytes, { maxByteLength: bytes }), 0, bytes);

/** Frees a buffer that nobody reads any more, and that has its memory for itself, without waiting for a collection. */
export function freeNow({ buffer, byteLength }: Buffer): void {
  if (byteLength > 0 && buffer instanceof ArrayBuffer && buffer.byteLength === byteLength)
    buffer.transferToFixedLength(0);
}
