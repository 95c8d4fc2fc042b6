/** From this size on a buffer gets its own pages, because `malloc` keeps freed blocks of this size. */
const PAGES_BYTES = 256 * 1024;

/**
 * Allocates a buffer. A large one is resizable up to `bytesMax`: only resizable buffers get their memory from the system
 * instead of from `malloc`.
 */
export const allocated = (bytes: number, bytesMax = bytes): Buffer =>
  bytes < PAGES_BYTES
    ? Buffer.allocUnsafeSlow(bytes)
    : Buffer.from(new ArrayBuffer(bytes, { maxByteLength: Math.max(bytes, bytesMax) }), 0, bytes);

/** A view of the same memory with more bytes, without a copy. Null: it was not allocated for so many. */
export function resized({ buffer }: Buffer, bytes: number): Buffer | null {
  if (!(buffer instanceof ArrayBuffer) || !buffer.resizable || bytes > buffer.maxByteLength) return null;
  buffer.resize(bytes);
  return Buffer.from(buffer, 0, bytes);
}

/**
 * Frees a buffer at once instead of at garbage collection, if it does not share its memory. It must not be read
 * later.
 */
export function freeNow({ buffer, byteLength }: Buffer): void {
  if (byteLength > 0 && buffer instanceof ArrayBuffer && buffer.byteLength === byteLength)
    buffer.transferToFixedLength(0);
}
