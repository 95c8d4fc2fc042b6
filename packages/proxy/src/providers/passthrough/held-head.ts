/** Bytes and milliseconds for which the beginning of a stream is held. */
const BYTES_MAX = 64 * 1024;
const MS_MAX = 5_000;

/**
 * Holds the beginning of a stream until the model has said something, because some providers send an error after the
 * first events, and another target can be tried as long as the client has got nothing. `release` gets what is held.
 */
export class HeldHead {
  #chunks: Buffer[] = [];
  #bytes = 0;
  #isHeld = true;
  readonly #timer: NodeJS.Timeout;
  readonly #release: (held: Buffer) => void;

  constructor(release: (held: Buffer) => void) {
    this.#release = release;
    this.#timer = setTimeout(() => this.release(), MS_MAX).unref();
  }

  get isHeld(): boolean {
    return this.#isHeld;
  }

  hold(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    if (this.#bytes > BYTES_MAX) this.release();
  }

  release(): void {
    if (!this.#isHeld) return;
    this.drop();
    const [only, ...more] = this.#chunks;
    this.#release(only && more.length === 0 ? only : Buffer.concat(this.#chunks));
  }

  /** Nothing is held or released from now on. */
  drop(): void {
    this.#isHeld = false;
    clearTimeout(this.#timer);
  }
}
