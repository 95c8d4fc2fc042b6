import { allocated, resized } from "../body/pages.ts";

const LF = 0x0a;
const CR = 0x0d;
const COLON = 0x3a;
/** A larger event, such as a picture, is collected without copies. */
const LARGE_BYTES = 256 * 1024;
/** Address space, not memory, for the largest event. */
const RESERVED_BYTES = 64 * 1024 * 1024;

const isEol = (byte: number | undefined): boolean => byte === LF || byte === CR;

/** True when an event ends just before `at`, with an empty line in any of the three line endings. */
function endsEvent(bytes: Uint8Array, at: number): boolean {
  if (!isEol(bytes[at - 1]) || !isEol(bytes[at - 2])) return false;
  return bytes[at - 2] !== CR || bytes[at - 1] !== LF || isEol(bytes[at - 3]);
}

/** Cuts an event stream at event boundaries, independent of network chunks. The bytes are not changed. */
export class EventBlocks {
  #held: Buffer = Buffer.alloc(0);
  #length = 0;

  /** Bytes of an event that is not complete yet. */
  get heldBytes(): number {
    return this.#length;
  }

  /** Returns all bytes up to the end of the last complete event, or null. The rest is kept until it is complete. */
  push(chunk: Buffer): Buffer | null {
    if (this.#length === 0) {
      if (endsEvent(chunk, chunk.length)) return chunk;
      const end = lastEnd(chunk, chunk.length, 0);
      this.#hold(chunk.subarray(end));
      return end === 0 ? null : chunk.subarray(0, end);
    }
    const from = this.#length - 3;
    this.#hold(chunk);
    const end = lastEnd(this.#held, this.#length, Math.max(from, 0));
    if (end === 0) return null;
    if (end >= LARGE_BYTES) return this.#handOver(end);
    const block = Buffer.from(this.#held.subarray(0, end));
    this.#held.copyWithin(0, end, this.#length);
    this.#length -= end;
    return block;
  }

  /** Returns the bytes that remain at the end of the stream. */
  rest(): Buffer {
    if (this.#length >= LARGE_BYTES) return this.#handOver(this.#length);
    const rest = Buffer.from(this.#held.subarray(0, this.#length));
    this.#length = 0;
    return rest;
  }

  /** A large event is not copied. */
  #handOver(end: number): Buffer {
    const held = this.#held;
    const rest = Buffer.from(held.subarray(end, this.#length));
    this.#held = Buffer.alloc(0);
    this.#length = 0;
    this.#hold(rest);
    return held.subarray(0, end);
  }

  #hold(bytes: Uint8Array): void {
    if (this.#length + bytes.length > this.#held.length) this.#widen(Math.max(1024, 2 * (this.#length + bytes.length)));
    this.#held.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  #widen(room: number): void {
    const same = resized(this.#held, room);
    if (same) {
      this.#held = same;
      return;
    }
    const wider = room < LARGE_BYTES ? Buffer.allocUnsafe(room) : allocated(room, RESERVED_BYTES);
    this.#held.copy(wider, 0, 0, this.#length);
    this.#held = wider;
  }
}

/** End of the last complete event in `bytes[from, length)`; 0: none. */
function lastEnd(bytes: Buffer, length: number, from: number): number {
  const rest = bytes.subarray(from, length);
  // An image is one line of megabytes. A search for one byte takes a hundredth of the loop's time.
  if (!rest.includes(LF) && !rest.includes(CR)) return 0;
  for (let at = length; at > from + 1; at--) if (endsEvent(bytes, at)) return at;
  return 0;
}

/** Start and end of each event in a block, including its empty line. `latin1` is the block as text. */
export function eventBounds(block: Buffer, latin1: string): [start: number, end: number][] {
  const bounds: [number, number][] = [];
  let start = 0;
  if (!latin1.includes("\r")) {
    // Most blocks are one event.
    if (latin1.indexOf("\n\n") === latin1.length - 2) return [[0, latin1.length]];
    for (let at = latin1.indexOf("\n\n"); at !== -1; at = latin1.indexOf("\n\n", start)) {
      bounds.push([start, at + 2]);
      start = at + 2;
    }
  } else {
    let first = 2;
    for (const at of lineEnds(latin1)) {
      if (at < first || !endsEvent(block, at)) continue;
      // `\r\n\r` ends an event, and a line feed after it belongs to the same event.
      const end = block[at - 1] === CR && block[at] === LF ? at + 1 : at;
      bounds.push([start, end]);
      start = end;
      first = end + 2;
    }
  }
  if (start < block.length) bounds.push([start, block.length]);
  return bounds;
}

/** The positions after each line feed and each carriage return. An image is one line of megabytes. */
function* lineEnds(latin1: string): Generator<number> {
  let feed = latin1.indexOf("\n");
  let carriage = latin1.indexOf("\r");
  while (feed !== -1 || carriage !== -1) {
    const isFeed = carriage === -1 || (feed !== -1 && feed < carriage);
    const at = (isFeed ? feed : carriage) + 1;
    yield at;
    if (isFeed) feed = latin1.indexOf("\n", at);
    else carriage = latin1.indexOf("\r", at);
  }
}

/** Whether an event is empty or one comment line. Providers send them to keep a stream open, and a hostile one sends thousands at once. */
export function isIdle(block: Uint8Array, start: number, end: number): boolean {
  let at = start;
  if (block[at] === COLON) while (at < end && !isEol(block[at])) at += 1;
  while (at < end && isEol(block[at])) at += 1;
  return at === end;
}

/** An event's data lines joined; empty when it has none. */
export function dataOf(event: Buffer, encoding: "utf8" | "latin1" = "utf8"): string {
  const lines = event.toString(encoding).split(/\r\n|\n|\r/);
  const data = lines.filter((line) => line.startsWith("data:")).map((line) => line.slice(line[5] === " " ? 6 : 5));
  return data.join("\n");
}
