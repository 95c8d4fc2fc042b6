import type { BodyShare } from "../../../body-memory.ts";

const CHUNK_BYTES = 64 * 1024;
const NEWLINE = Buffer.from("\n");

/**
 * Joins many small pieces to chunks of about 64 KiB, so that a file of many lines is not sent in as many packets. Their memory
 * is reserved.
 */
export class Chunks {
  readonly #memory: Pick<BodyShare, "take">;
  readonly #chunks: Buffer[] = [];
  #pieces: Buffer[] = [];
  #bytes = 0;

  constructor(memory: Pick<BodyShare, "take">) {
    this.#memory = memory;
  }

  /** Adds one line. */
  add(before: Buffer, body: Buffer | readonly Buffer[], after: Buffer): void {
    for (const piece of [before, ...(Buffer.isBuffer(body) ? [body] : body), after, NEWLINE]) {
      this.#pieces.push(piece);
      this.#bytes += piece.length;
    }
    if (this.#bytes >= CHUNK_BYTES) this.#join();
  }

  all(): Buffer[] {
    this.#join();
    return this.#chunks;
  }

  #join(): void {
    this.#memory.take(this.#bytes);
    // A large piece is kept as it is: joining it would copy all of it at once.
    if (this.#bytes > 4 * CHUNK_BYTES) this.#chunks.push(...this.#pieces);
    else if (this.#bytes > 0) this.#chunks.push(Buffer.concat(this.#pieces));
    [this.#pieces, this.#bytes] = [[], 0];
  }
}
