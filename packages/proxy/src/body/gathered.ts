import type { BodyShare } from "../body-memory.ts";
import { allocated, freeNow, resized } from "./pages.ts";

const FIRST_BYTES = 64 * 1024;
/** Factor by which the buffer grows. */
const GROWTH = 4;

/**
 * Collects chunks into one buffer. A single chunk is used as it is. For more chunks the buffer grows as they arrive,
 * so that no step copies all of them at the end. Memory is reserved before it is allocated.
 */
export class Gathered {
  length = 0;
  readonly #memory: BodyShare;
  readonly #bytesMax: number;
  #buffer: Buffer = Buffer.alloc(0);
  #isOwn = false;

  /** `bytesMax`: upper bound of the total size. */
  constructor(memory: BodyShare, bytesMax: number) {
    this.#memory = memory;
    this.#bytesMax = bytesMax;
  }

  /** Throws 503 when there is no memory. */
  add(chunk: Buffer): void {
    const needed = this.length + chunk.length;
    if (this.length === 0 && !this.#isOwn) {
      this.#memory.take(needed);
      this.#buffer = chunk;
      this.length = needed;
      return;
    }
    if (needed > this.#buffer.length) this.#grow(needed);
    this.#buffer.set(chunk, this.length);
    this.length = needed;
  }

  /** Allocates the whole buffer when its size is known in advance. */
  expect(bytes: number): void {
    if (bytes > FIRST_BYTES && bytes <= this.#bytesMax) this.#grow(bytes);
  }

  /** All bytes. Memory reserved beyond them is given back, because pages that are never written use no memory. */
  bytes(): Buffer {
    this.#memory.give(this.#buffer.length - this.length);
    return this.#buffer.subarray(0, this.length);
  }

  /** Frees the buffer and gives its memory back; its content is not needed. */
  drop(): void {
    this.#memory.give(this.#buffer.length);
    if (this.#isOwn) freeNow(this.#buffer);
    this.#buffer = Buffer.alloc(0);
    this.#isOwn = false;
    this.length = 0;
  }

  #grow(needed: number): void {
    const room = Math.max(needed, Math.min(this.#bytesMax, Math.max(FIRST_BYTES, GROWTH * this.#buffer.length)));
    const wider = this.#isOwn ? resized(this.#buffer, room) : null;
    if (wider) {
      this.#memory.take(room - this.#buffer.length);
      this.#buffer = wider;
      return;
    }
    this.#memory.take(room);
    const made = allocated(room, this.#bytesMax);
    made.set(this.#buffer.subarray(0, this.length));
    this.#memory.give(this.#buffer.length);
    if (this.#isOwn) freeNow(this.#buffer);
    this.#buffer = made;
    this.#isOwn = true;
  }
}
