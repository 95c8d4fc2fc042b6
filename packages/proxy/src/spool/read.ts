import { closeSync, fstatSync, openSync, readdirSync, readSync } from "node:fs";
import { open } from "node:fs/promises";
import { FRAME_BYTES_MAX, type Frame, scanFrames } from "./frame.ts";
import { listSegments, type Segment, segmentBase, segmentFile } from "./segment.ts";

export interface Chunk {
  /** `start` and `end` are positions of the spool. */
  frames: Frame[];
  /** Position at which the next read continues. */
  to: number;
  /** The segment that was read. */
  segment: Segment | undefined;
  /** Bytes of this chunk that belong to no valid record. */
  damaged: number;
}

const CHUNK_BYTES = 1024 * 1024;

async function readBytes(file: string, offset: number, length: number): Promise<Buffer> {
  const handle = await open(file, "r");
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.allocUnsafe(length), 0, length, offset);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

/** Reads records of one segment from position `from`, at most up to `end`, which must be the end of a record. */
export async function readChunk(dir: string, from: number, end: number): Promise<Chunk> {
  const segment = (await listSegments(dir)).find(({ base, size }) => base + size > from && base < end);
  if (!segment) return { frames: [], to: end, segment, damaged: 0 };
  const start = Math.max(from, segment.base);
  const stop = Math.min(segment.base + segment.size, end);
  for (let length = CHUNK_BYTES; ; length = FRAME_BYTES_MAX * 2) {
    const bytes = await readBytes(segment.file, start - segment.base, Math.min(length, stop - start));
    const { frames, consumed, damaged } = scanFrames(bytes, start + bytes.length >= stop);
    // The record is longer than the chunk: read again with room for the longest record.
    if (consumed === 0 && length === CHUNK_BYTES && bytes.length > 0) continue;
    for (const frame of frames) {
      frame.start += start;
      frame.end += start;
    }
    return { frames, to: start + consumed, segment, damaged };
  }
}

/** Every record from position `from` up to `end()`, which is read again before each chunk. */
export async function* readFrames(dir: string, from: number, end: () => number): AsyncGenerator<Frame> {
  let position = from;
  while (position < end()) {
    const chunk = await readChunk(dir, position, end());
    if (chunk.to <= position) return;
    yield* chunk.frames;
    position = chunk.to;
  }
}

/**
 * The records from position `from`, read synchronously. For the last few records, when no append may happen
 * meanwhile.
 */
export function readFramesNow(dir: string, from: number): Frame[] {
  const bases = readdirSync(dir).flatMap((name) => segmentBase(name) ?? []);
  return bases
    .sort((a, b) => a - b)
    .flatMap((base) => {
      const fd = openSync(segmentFile(dir, base), "r");
      try {
        const start = Math.max(from, base);
        const bytes = Buffer.allocUnsafe(Math.max(base + fstatSync(fd).size - start, 0));
        readSync(fd, bytes, 0, bytes.length, start - base);
        const { frames } = scanFrames(bytes, true);
        return frames.map((frame) => ({ ...frame, start: frame.start + start, end: frame.end + start }));
      } finally {
        closeSync(fd);
      }
    });
}
