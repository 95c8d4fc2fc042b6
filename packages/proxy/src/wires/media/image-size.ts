/** In pixels. */
export interface ImageSize {
  width: number;
  height: number;
}

/** Where a JPEG may have its size: after tables and a thumbnail. */
export const IMAGE_HEAD_BYTES = 96 * 1024;

const sized = (width: number, height: number): ImageSize | null => (width > 0 && height > 0 ? { width, height } : null);

/** The size of a PNG, JPEG, GIF, WebP or BMP from the start of its bytes. Null: it is none, or its size is not there. */
export function imageSize(head: Buffer): ImageSize | null {
  if (head.length < 30) return null;
  const start = head.toString("latin1", 0, 16);
  if (start.startsWith("\x89PNG\r\n\x1a\n")) return sized(head.readUInt32BE(16), head.readUInt32BE(20));
  if (start.startsWith("GIF8")) return sized(head.readUInt16LE(6), head.readUInt16LE(8));
  if (start.startsWith("BM")) return sized(head.readInt32LE(18), Math.abs(head.readInt32LE(22)));
  if (start.startsWith("RIFF") && start.slice(8, 12) === "WEBP") return webpSize(head, start.slice(12, 16));
  return start.startsWith("\xff\xd8") ? jpegSize(head) : null;
}

function webpSize(head: Buffer, kind: string): ImageSize | null {
  if (kind === "VP8X") return sized(head.readUIntLE(24, 3) + 1, head.readUIntLE(27, 3) + 1);
  if (kind === "VP8 ") return sized(head.readUInt16LE(26) & 0x3fff, head.readUInt16LE(28) & 0x3fff);
  if (kind !== "VP8L") return null;
  const bits = head.readUInt32LE(21);
  return sized((bits & 0x3fff) + 1, ((bits >>> 14) & 0x3fff) + 1);
}

/** Markers that begin a frame, which has the size. */
const isFrame = (marker: number): boolean =>
  marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;

function jpegSize(head: Buffer): ImageSize | null {
  for (let at = 2; at + 9 < head.length; ) {
    if (head[at] !== 0xff) return null;
    const marker = head[at + 1] as number;
    if (isFrame(marker)) return sized(head.readUInt16BE(at + 7), head.readUInt16BE(at + 5));
    // Fill bytes and markers without a length.
    if (marker === 0xff) at += 1;
    else if (marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8)) at += 2;
    else at += 2 + head.readUInt16BE(at + 2);
  }
  return null;
}
