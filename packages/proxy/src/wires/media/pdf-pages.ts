import { constants, inflateSync } from "node:zlib";
import type { Steps } from "../../body/steps.ts";

/** A multiple of four, so that each step decodes whole groups. */
const STEP_CHARS = 128 * 1024;
const STEP_BYTES = 256 * 1024;
/** Parts of the last step that are read again: a name may lie across the border. */
const OVERLAP_BYTES = 64;
/** Objects in one compressed stream have some kilobytes. */
const PACKED_BYTES_MAX = 512 * 1024;
const INFLATED_BYTES_MAX = 512 * 1024;
const STREAMS_MAX = 4_000;
/** How far from a number of pages the words are that say what it counts. */
const NEAR_BYTES = 512;

/**
 * The number of pages of a PDF in base64, in steps. Null: it cannot be known without opening it (encrypted, damaged, or no
 * PDF). Page objects are counted, also those in compressed streams; a page tree may name more pages than there are objects.
 */
export function* countingPages(base64: string): Steps<number | null> {
  const file = Buffer.allocUnsafe(Math.floor((base64.length * 3) / 4));
  let length = 0;
  for (let at = 0; at < base64.length; at += STEP_CHARS) {
    length += file.write(base64.slice(at, at + STEP_CHARS), length, "base64");
    yield;
  }
  const bytes = file.subarray(0, length);
  if (bytes.indexOf("%PDF-") === -1 || bytes.indexOf("%PDF-") > 1_024) return null;
  const pages = new Pages();
  for (let at = 0; at < length; at += STEP_BYTES) {
    const part = bytes.subarray(at, at + STEP_BYTES + OVERLAP_BYTES);
    if (part.includes("/Encrypt")) return null;
    pages.read(part, STEP_BYTES);
    yield;
  }
  const isRead = yield* readingPacked(bytes, pages);
  return isRead && pages.count > 0 ? pages.count : null;
}

/** Counts the pages in parts of a file. */
class Pages {
  #objects = 0;
  /** The highest number of pages that a page tree names. */
  #named = 0;

  get count(): number {
    return Math.max(this.#objects, this.#named);
  }

  /** Reads what begins before `end`. */
  read(part: Buffer, end: number): void {
    for (let at = part.indexOf("/Page"); at !== -1 && at < end; at = part.indexOf("/Page", at + 5)) {
      if (!isLetter(part[at + 5]) && isType(part, at)) this.#objects += 1;
    }
    for (let at = part.indexOf("/Count"); at !== -1 && at < end; at = part.indexOf("/Count", at + 6)) {
      const number = Number(/^\s*(\d{1,6})(?!\d)/.exec(part.toString("latin1", at + 6, at + 20))?.[1] ?? 0);
      if (number <= this.#named) continue;
      const near = part.toString("latin1", Math.max(0, at - NEAR_BYTES), at + NEAR_BYTES);
      if (/\/Kids|\/Pages/.test(near)) this.#named = number;
    }
  }
}

const isLetter = (byte: number | undefined): boolean =>
  byte !== undefined && ((byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a));

/** Whether the name at a position is the type of an object. */
const isType = (part: Buffer, at: number): boolean =>
  /\/Type\s*$/.test(part.toString("latin1", Math.max(0, at - 16), at));

/** Reads the objects in compressed streams. False: one of them cannot be read. */
function* readingPacked(bytes: Buffer, pages: Pages): Steps<boolean> {
  let streams = 0;
  for (let at = bytes.indexOf("/ObjStm"); at !== -1; at = bytes.indexOf("/ObjStm", at + 7)) {
    streams += 1;
    if (streams > STREAMS_MAX) return false;
    const objects = inflated(bytes, at);
    if (!objects) return false;
    pages.read(objects, objects.length);
    yield;
  }
  return true;
}

function inflated(bytes: Buffer, at: number): Buffer | null {
  const word = bytes.indexOf("stream", at);
  if (word === -1 || word - at > 1_024) return null;
  const start = word + 6 + (bytes[word + 6] === 0x0d ? 2 : 1);
  const end = bytes.indexOf("endstream", start);
  if (end === -1 || end - start > PACKED_BYTES_MAX) return null;
  const packed = bytes.subarray(start, end);
  const dictionary = bytes.toString("latin1", Math.max(0, at - NEAR_BYTES), word);
  if (!dictionary.includes("Filter")) return packed;
  if (!dictionary.includes("FlateDecode")) return null;
  try {
    return inflateSync(packed, { maxOutputLength: INFLATED_BYTES_MAX, finishFlush: constants.Z_SYNC_FLUSH });
  } catch {
    return null;
  }
}
