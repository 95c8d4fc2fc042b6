import { constants, inflateSync } from "node:zlib";
import type { Steps } from "../../body/steps.ts";

/** A multiple of four, so that each step decodes whole groups. */
const STEP_CHARS = 128 * 1024;
/** A step takes well below a millisecond, whatever the file contains. */
const STEP_BYTES = 16 * 1024;
/** What begins in a step may end after it. */
const OVERLAP_BYTES = 64;
const PACKED_BYTES_MAX = 256 * 1024;
const INFLATED_BYTES_MAX = 256 * 1024;
const STREAMS_MAX = 4_000;
/** How far from a number of pages the words are that say what it counts. */
const NEAR_BYTES = 512;
const DICTIONARY_BYTES_MAX = 1_024;

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
  if (!bytes.subarray(0, DICTIONARY_BYTES_MAX).includes("%PDF-")) return null;
  const pages = new Pages();
  yield* pages.reading(bytes);
  if (pages.isEncrypted || pages.packed.length > STREAMS_MAX) return null;
  for (const at of pages.packed) {
    const objects = inflated(bytes, at);
    if (!objects) return null;
    yield;
    yield* pages.reading(objects);
  }
  return pages.count > 0 ? pages.count : null;
}

/** Counts the pages in a file, and in the streams of it. */
class Pages {
  isEncrypted = false;
  /** Positions of compressed streams of objects. */
  readonly packed: number[] = [];
  #objects = 0;
  /** The highest number of pages that a page tree names. */
  #named = 0;

  get count(): number {
    return Math.max(this.#objects, this.#named);
  }

  *reading(bytes: Buffer): Steps<void> {
    for (let start = 0; start < bytes.length; start += STEP_BYTES) {
      this.#read(bytes, start);
      yield;
    }
  }

  /** Reads what begins in the step at `start`. */
  #read(bytes: Buffer, start: number): void {
    const part = bytes.subarray(start, start + STEP_BYTES + OVERLAP_BYTES);
    if (part.includes("/Encrypt")) this.isEncrypted = true;
    for (const at of found(part, "/Page")) {
      if (!isLetter(part[at + 5]) && isType(bytes, start + at)) this.#objects += 1;
    }
    for (const at of found(part, "/Count")) {
      const number = numberAt(part, at + 6);
      if (number <= this.#named) continue;
      const near = bytes.subarray(Math.max(0, start + at - NEAR_BYTES), start + at + NEAR_BYTES);
      if (near.includes("/Kids") || near.includes("/Pages")) this.#named = number;
    }
    for (const at of found(part, "/ObjStm")) {
      if (this.packed.length <= STREAMS_MAX) this.packed.push(start + at);
    }
  }
}

function* found(part: Buffer, word: string): Generator<number> {
  for (let at = part.indexOf(word); at !== -1 && at < STEP_BYTES; at = part.indexOf(word, at + word.length)) yield at;
}

const SPACES = new Set<number | undefined>([0x00, 0x09, 0x0a, 0x0c, 0x0d, 0x20]);
const TYPE = Buffer.from("/Type");

const isLetter = (byte: number | undefined): boolean =>
  byte !== undefined && ((byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a));

/** Whether the name at a position is the type of an object. */
function isType(bytes: Buffer, at: number): boolean {
  let end = at;
  while (end > 0 && at - end < OVERLAP_BYTES && SPACES.has(bytes[end - 1])) end -= 1;
  return end >= TYPE.length && bytes.compare(TYPE, 0, TYPE.length, end - TYPE.length, end) === 0;
}

/** The whole number after white space; 0: there is none. */
function numberAt(part: Buffer, from: number): number {
  let at = from;
  while (at - from < 16 && SPACES.has(part[at])) at += 1;
  let number = 0;
  for (let digits = 0; digits < 7; digits++) {
    const digit = (part[at + digits] ?? 0) - 0x30;
    if (digit < 0 || digit > 9) break;
    number = number * 10 + digit;
  }
  return number;
}

/** The objects of a compressed stream. Null: it cannot be read, or is too large. */
function inflated(bytes: Buffer, at: number): Buffer | null {
  const rest = bytes.subarray(at, at + DICTIONARY_BYTES_MAX);
  const word = rest.indexOf("stream");
  if (word === -1) return null;
  const start = at + word + 6 + (rest[word + 6] === 0x0d ? 2 : 1);
  const data = bytes.subarray(start, start + PACKED_BYTES_MAX);
  const end = data.indexOf("endstream");
  if (end === -1) return null;
  const dictionary = bytes.subarray(Math.max(0, at - NEAR_BYTES), at + word);
  if (!dictionary.includes("Filter")) return data.subarray(0, end);
  if (!dictionary.includes("FlateDecode")) return null;
  try {
    return inflateSync(data.subarray(0, end), {
      maxOutputLength: INFLATED_BYTES_MAX,
      finishFlush: constants.Z_SYNC_FLUSH,
    });
  } catch {
    return null;
  }
}
