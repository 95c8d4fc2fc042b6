import { TollgateError } from "@tollgate/contracts/errors";
import { freeNow } from "./body/pages.ts";

const UNPACKED_AT_ONCE = 2;

/**
 * Bounds the memory of the request bodies of all running calls together: received, decompressed, parsed and sent.
 * Without it, many large bodies at once could crash the process.
 */
export class BodyMemory {
  readonly #bytesMax: number;
  #bytes = 0;
  #unpacking = 0;
  readonly #packed: (() => void)[] = [];

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  /** The account of one call. */
  share(): BodyShare {
    return new BodyShare(this);
  }

  /** Reserves bytes. False when there is no room; nothing is reserved then. */
  take(bytes: number): boolean {
    if (this.#bytes + bytes > this.#bytesMax) return false;
    this.#bytes += bytes;
    return true;
  }

  give(bytes: number): void {
    this.#bytes -= bytes;
  }

  /** Decompresses at most two bodies at once, because more could fill the memory before the first one is refused. */
  async unpacking<Result>(read: () => Promise<Result>): Promise<Result> {
    if (this.#unpacking === UNPACKED_AT_ONCE) await new Promise<void>((resolve) => void this.#packed.push(resolve));
    else this.#unpacking += 1;
    try {
      return await read();
    } finally {
      const next = this.#packed.shift();
      if (next) next();
      else this.#unpacking -= 1;
    }
  }
}

/** Memory reserved by one call. All of it is given back exactly once at the end of the call. */
export class BodyShare {
  readonly #memory: BodyMemory;
  /** The request body that will be sent to the provider. */
  body: Buffer | null = null;
  #bytes = 0;
  #isOver = false;

  constructor(memory: BodyMemory) {
    this.#memory = memory;
  }

  /** Reserves memory before it is used. Throws 503 `overloaded`, or 499 when the call is over. */
  take(bytes: number): void {
    if (this.#isOver) throw new TollgateError("client_closed_request", "The client left.");
    if (!this.#memory.take(bytes)) {
      throw new TollgateError("overloaded", "Too many large requests are running; try again.");
    }
    this.#bytes += bytes;
  }

  give(bytes: number): void {
    if (this.#isOver) return;
    this.#memory.give(bytes);
    this.#bytes -= bytes;
  }

  giveAll(): void {
    if (this.#isOver) return;
    this.#memory.give(this.#bytes);
    this.#isOver = true;
  }

  /** Frees the body at once. Only allowed when no attempt was made, so that no connection still reads it. */
  freeBody(): void {
    if (this.body) freeNow(this.body);
    this.body = null;
  }

  unpacking<Result>(read: () => Promise<Result>): Promise<Result> {
    return this.#memory.unpacking(read);
  }
}
