import type { BodyShare } from "../body-memory.ts";
import { allocated, freeNow } from "./pages.ts";

const FIRST_BYTES = 64 * 1024;
/** Each time it grows so much; what it was before is freed at once. */
const GROWTH = 4;

/**
 * Chunks as one buffer. A single one is the buffer; for more it grows as they come, so that no step copies all of them.
 * Its memory is taken first.
 */
export class Gathered {
  length = 0;
  readonly #memory: BodyShare;
  readonly #bytesMax: number;
  #buffer: Buffer = Buffer.alloc(0);
  #isOwn = false;

  /** `bytesMax`: no more will come. */
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

  /** Makes room for all of it, when its size is known. */
  expect(bytes: number): void {
    if (bytes > FIRST_BYTES && bytes <= this.#bytesMax) this.#grow(bytes);
  }

  /** All of it. What was taken beyond it is given back: memory never written to does not count. */
  bytes(): Buffer {
    this.#memory.give(this.#buffer.length - this.length);
    return this.#buffer.subarray(0, this.length);
  }

  /** Nobody will want it. */
  drop(): void {
    if (this.#isOwn) freeNow(this.#buffer);
  }

  #grow(needed: number): void {
    const room = Math.max(needed, Math.min(this.#bytesMax, Math.max(FIRST_BYTES, GROWTH * this.#buffer.length)));
    this.#memory.take(room);
    const wider = allocated(room);
    wider.set(this.#buffer.subarray(0, this.length));
    this.#memory.give(this.#buffer.length);
    if (this.#isOwn) freeNow(this.#buffer);
    this.#buffer = wider;
    this.#isOwn = true;
  }
}
