import { TollgateError } from "@tollgate/contracts/errors";
import { freeNow } from "./body/pages.ts";

const UNPACKED_AT_ONCE = 2;

/**
 * The memory that the request bodies of all calls under way may take together, as they came, unpacked, parsed and as they
 * leave: a crowd of large ones must not end the process.
 */
export class BodyMemory {
  readonly #bytesMax: number;
  #bytes = 0;
  #unpacking = 0;
  readonly #packed: (() => void)[] = [];

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  /** One call's share of it. */
  share(): BodyShare {
    return new BodyShare(this);
  }

  /** False: there is no room, and nothing was taken. */
  take(bytes: number): boolean {
    if (this.#bytes + bytes > this.#bytesMax) return false;
    this.#bytes += bytes;
    return true;
  }

  give(bytes: number): void {
    this.#bytes -= bytes;
  }

  /** Reads a packed body while at most one other is read: a crowd would fill the memory before the first is refused. */
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

/** What one call has taken. It is given back once, however the call ends. */
export class BodyShare {
  readonly #memory: BodyMemory;
  /** The request body as it will be sent on. */
  body: Buffer | null = null;
  #bytes = 0;
  #isOver = false;

  constructor(memory: BodyMemory) {
    this.#memory = memory;
  }

  /** Before the memory is used. Throws 503 `overloaded`, or 499 when the call is over. */
  take(bytes: number): void {
    if (this.#isOver) throw new TollgateError("client_closed_request", "The client left.");
    if (!this.#memory.take(bytes)) {
      throw new TollgateError("overloaded", "Too many large requests are under way; try again.");
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

  /** Frees the body at once: no attempt was made with it, so no connection reads it any more. */
  freeBody(): void {
    if (this.body) freeNow(this.body);
    this.body = null;
  }

  unpacking<Result>(read: () => Promise<Result>): Promise<Result> {
    return this.#memory.unpacking(read);
  }
}
