import { crc32 } from "node:zlib";

/** Total length, length of the headers, and the checksum of both. */
const PRELUDE_BYTES = 12;
const CHECKSUM_BYTES = 4;
/**
 * An event of a chat is a few words. AWS allows 24 MiB, which would take too long to parse at once: the provider package
 * needs 50 ms for 1 MiB.
 */
const FRAME_BYTES_MAX = 256 * 1024;
const STRING = 7;

/** A stream whose frames cannot be read: nothing after the fault can be. */
const broken = (what: string): Error => new Error(`The event stream is broken: ${what}.`);

/**
 * Cuts a binary event stream into whole frames. A wrong length is found by its checksum, before the stream waits for bytes
 * that never come. The package that decodes the frames checks the rest; it would copy all bytes that wait with each chunk.
 */
export class FrameCutter {
  #chunks: Buffer[] = [];
  #bytes = 0;
  /** The length of the frame that has begun; 0 if its prelude is not complete. */
  #wanted = 0;

  /** The frames that this chunk completes. Throws if the stream is broken. */
  push(chunk: Uint8Array): Buffer[] {
    this.#chunks.push(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
    this.#bytes += chunk.byteLength;
    const frames: Buffer[] = [];
    while (this.#bytes >= (this.#wanted || PRELUDE_BYTES)) {
      if (this.#wanted > 0) frames.push(this.#take());
      else this.#wanted = frameLength(this.#joined());
    }
    return frames;
  }

  /** Throws if the stream ends inside a frame. */
  end(): void {
    if (this.#bytes > 0) throw broken(`it ends inside a frame, after ${this.#bytes} of its bytes`);
  }

  #joined(): Buffer {
    const [first = Buffer.alloc(0)] = this.#chunks;
    const joined = this.#chunks.length === 1 ? first : Buffer.concat(this.#chunks);
    this.#chunks = [joined];
    return joined;
  }

  #take(): Buffer {
    const joined = this.#joined();
    const frame = joined.subarray(0, this.#wanted);
    this.#chunks = [joined.subarray(this.#wanted)];
    this.#bytes -= this.#wanted;
    this.#wanted = 0;
    return frame;
  }
}

function frameLength(prelude: Buffer): number {
  const length = prelude.readUInt32BE(0);
  const headers = prelude.readUInt32BE(4);
  if (crc32(prelude.subarray(0, 8)) !== prelude.readUInt32BE(8))
    throw broken("the checksum of a frame's length is wrong");
  if (length > FRAME_BYTES_MAX) throw broken(`a frame has ${length} bytes`);
  if (length < PRELUDE_BYTES + headers + CHECKSUM_BYTES) throw broken("a frame is shorter than its headers");
  return length;
}

/** What a frame says about itself. All headers of Bedrock are strings; others, and what follows them, are left out. */
export function headersOf(frame: Buffer): Map<string, string> {
  const headers = new Map<string, string>();
  const end = PRELUDE_BYTES + frame.readUInt32BE(4);
  for (let at = PRELUDE_BYTES; at < end; ) {
    const nameEnd = at + 1 + (frame[at] ?? 0);
    if (frame[nameEnd] !== STRING || nameEnd + 3 > end) break;
    const valueEnd = nameEnd + 3 + frame.readUInt16BE(nameEnd + 1);
    headers.set(frame.toString("utf8", at + 1, nameEnd), frame.toString("utf8", nameEnd + 3, valueEnd));
    at = valueEnd;
  }
  return headers;
}

export const payloadOf = (frame: Buffer): string =>
  frame.toString("utf8", PRELUDE_BYTES + frame.readUInt32BE(4), frame.length - CHECKSUM_BYTES);
