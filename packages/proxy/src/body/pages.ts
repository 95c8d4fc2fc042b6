/** From this size on a buffer gets its own pages, because `malloc` keeps freed blocks of this size. */
const PAGES_BYTES = 256 * 1024;

/**
 * Allocates a buffer. A large one is resizable, though it is never resized: only resizable buffers get their memory
 * from the system instead of from `malloc`.
 */
export const allocated = (bytes: number): Buffer =>
  bytes < PAGES_BYTES
    ? Buffer.allocUnsafeSlow(bytes)
    : Buffer.from(new ArrayBuffer(bytes, { maxByteLength: bytes }), 0, bytes);

/**
 * Frees a buffer at once instead of at garbage collection, if it does not share its memory. It must not be read
 * later.
 */
export function freeNow({ buffer, byteLength }: Buffer): void {
  if (byteLength > 0 && buffer instanceof ArrayBuffer && buffer.byteLength === byteLength)
    buffer.transferToFixedLength(0);
}
