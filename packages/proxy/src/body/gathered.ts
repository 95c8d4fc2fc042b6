import type { BodyShare } from "../body-memory.ts";

const FIRST_BYTES = 64 * 1024;

/**
 * Chunks as one buffer. A single one is the buffer; for more it grows as they come, so that no step copies all of them.
 * Its memory is taken first.
 */
export class Gathered {
  length = 0;
  readonly #memory: BodyShare;
  readonly #bytesMax: number;
  #buffer: Buffer = Buffer.alloc(0);

  /** `bytesMax`: no more will come. */
  constructor(memory: BodyShare, bytesMax: number) {
    this.#memory = memory;
    this.#bytesMax = bytesMax;
  }

  /** Throws 503 when there is no memory. */
  add(chunk: Buffer): void {
    const needed = this.length + chunk.length;
    if (this.length === 0) {
      this.#memory.take(needed);
      this.#buffer = chunk;
      this.length = needed;
      return;
    }
    if (needed > this.#buffer.length) this.#grow(needed);
    this.#buffer.set(chunk, this.length);
    this.length = needed;
  }

  /** All of it. What was taken beyond it is given back: memory never written to does not count. */
  bytes(): Buffer {
    this.#memory.give(this.#buffer.length - this.length);
    return this.#buffer.subarray(0, this.length);
  }

  #grow(needed: number): void {
    const room = Math.max(needed, Math.min(this.#bytesMax, Math.max(FIRST_BYTES, 2 * this.#buffer.length)));
    this.#memory.take(room);
    const wider = Buffer.allocUnsafeSlow(room);
    wider.set(this.#buffer.subarray(0, this.length));
    this.#memory.give(this.#buffer.length);
    this.#buffer = wider;
  }
}
