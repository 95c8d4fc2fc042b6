import { crc32 } from "node:zlib";

/**
 * `D`: a request was dispatched; the event says what to charge if the process crashes before the request ends.
 * `S`: a request ended; the event is final.
 */
export type FrameKind = "D" | "S";

export interface FrameHead {
  kind: FrameKind;
  /** Request id. */
  id: string;
}

/** A record within a scanned buffer; `start` and `end` are its offsets there. */
export interface Frame extends FrameHead {
  /** JSON text of a usage event, UTF-8. */
  payload: Buffer;
  start: number;
  end: number;
}

export interface Scan {
  frames: Frame[];
  /** Bytes processed. The rest is the beginning of a record that is not complete yet. */
  consumed: number;
  /** Bytes skipped because they belong to no valid record: torn or corrupt. */
  damaged: number;
}

// Header, in bytes: 4 magic, 4 length of the body, 4 CRC-32 of the body. Body: 1 kind, 36 request id, then the event.
const HEADER_BYTES = 12;
const ID_BYTES = 36;
const PAYLOAD_AT = HEADER_BYTES + 1 + ID_BYTES;
/** Contains bytes that never occur in UTF-8, so the text of an event cannot look like the start of a record. */
const MAGIC = 0xf5544cfe;
const MAGIC_BYTES = Buffer.from("f5544cfe", "hex");
/** Fills disk space that is reserved but not written. Records never contain this byte. */
export const BLANK = 0xff;
const KINDS: Record<number, FrameKind> = { 68: "D", 83: "S" };

/** Maximum size of one record, in bytes. */
export const FRAME_BYTES_MAX = 4 * 1024 * 1024;

/** A record to encode. */
export interface SpoolRecord extends FrameHead {
  /** JSON text of a usage event. */
  text: string;
}

/** Upper bound of the size of an encoded record: a character takes at most three bytes. */
export const frameRoom = ({ text }: SpoolRecord): number => PAYLOAD_AT + 3 * text.length;

/**
 * Encodes a record at `at` of a buffer that has room for it.
 * @returns its end. Throws a RangeError when the event's text does not fit into a record.
 */
export function writeFrame(into: Buffer, at: number, { kind, id, text }: SpoolRecord): number {
  const body = at + HEADER_BYTES;
  const end = body + into.write(kind + id + text, body);
  if (end - at > FRAME_BYTES_MAX) throw new RangeError(`a record of ${end - at} bytes is too long to spool`);
  into.writeUInt32BE(MAGIC, at);
  into.writeUInt32BE(end - body, at + 4);
  into.writeUInt32BE(crc32(into.subarray(body, end)), at + 8);
  return end;
}

/** The record at `start`; null when there is none, undefined when the buffer ends before the record does. */
function frameAt(buffer: Buffer, start: number): Frame | null | undefined {
  if (start + HEADER_BYTES > buffer.length) return undefined;
  const end = start + HEADER_BYTES + buffer.readUInt32BE(start + 4);
  if (end - start > FRAME_BYTES_MAX || end - start < PAYLOAD_AT) return null;
  if (end > buffer.length) return undefined;
  const body = buffer.subarray(start + HEADER_BYTES, end);
  const kind = KINDS[body[0] ?? 0];
  if (!kind || crc32(body) !== buffer.readUInt32BE(start + 8)) return null;
  return {
    kind,
    id: body.toString("latin1", 1, 1 + ID_BYTES),
    payload: buffer.subarray(start + PAYLOAD_AT, end),
    start,
    end,
  };
}

const isBlank = (bytes: Buffer): boolean => bytes.every((byte) => byte === BLANK);

/**
 * Finds every complete record and skips the bytes between them. A record that is cut off by the end of the buffer is
 * left for a later scan with more bytes; with `last` it is skipped as damage.
 */
export function scanFrames(buffer: Buffer, last: boolean): Scan {
  const frames: Frame[] = [];
  let damaged = 0;
  let offset = 0;
  while (offset < buffer.length) {
    const next = buffer.indexOf(MAGIC_BYTES, offset);
    const start =
      next === -1 ? (last ? buffer.length : Math.max(offset, buffer.length - MAGIC_BYTES.length + 1)) : next;
    if (!isBlank(buffer.subarray(offset, start))) damaged += start - offset;
    offset = start;
    if (next === -1) break;
    const frame = frameAt(buffer, start);
    if (frame === undefined && !last) break;
    if (frame) {
      frames.push(frame);
      offset = frame.end;
    } else {
      damaged += 1;
      offset += 1;
    }
  }
  return { frames, consumed: offset, damaged };
}
