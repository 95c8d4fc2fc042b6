import type { AnswerShare, BodyShare } from "../body-memory.ts";
import { Gathered } from "./gathered.ts";
import { LARGE_BYTES } from "./steps.ts";

/** More chunks are copied into one buffer. A provider may send each byte in a chunk of its own. */
const CHUNKS_MAX = 64;

/** The bytes of an answer while they arrive. Those of a large one are reserved in the memory of its call. */
export class Collected {
  length = 0;
  readonly #call: BodyShare;
  readonly #bytesMax: number;
  #share: AnswerShare | null = null;
  #chunks: Buffer[] = [];
  #gathered: Gathered | null = null;

  /** `call`: the memory of the call. `bytesMax`: upper bound of the total size, which the caller checks. */
  constructor(call: BodyShare, bytesMax: number) {
    this.#call = call;
    this.#bytesMax = bytesMax;
  }

  /** Where the memory for the answer is reserved. */
  get memory(): AnswerShare {
    this.#share ??= this.#call.answer();
    return this.#share;
  }

  /** Throws 503 when there is no memory. */
  add(chunk: Buffer): void {
    this.length += chunk.length;
    if (this.#gathered) {
      this.#gathered.add(chunk);
      return;
    }
    this.#chunks.push(chunk);
    if (this.length <= LARGE_BYTES && this.#chunks.length < CHUNKS_MAX) return;
    const chunks = this.#chunks;
    this.#chunks = [];
    this.#gathered = new Gathered(this.memory, this.#bytesMax);
    for (const each of chunks) this.#gathered.add(each);
  }

  /** All bytes. To be called once. */
  bytes(): Buffer {
    if (this.#gathered) return this.#gathered.bytes();
    const [only] = this.#chunks;
    return only && this.#chunks.length === 1 ? only : Buffer.concat(this.#chunks);
  }

  /** Whether its bytes are reserved. */
  get isReserved(): boolean {
    return this.#gathered !== null;
  }

  /** The answer has been read, or is given up. */
  end(): void {
    this.#chunks = [];
    this.#share?.end();
  }

  /** Frees the bytes, which are not needed. */
  drop(): void {
    this.#gathered?.drop();
    this.end();
  }
}
