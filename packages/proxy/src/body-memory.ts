import { TollgateError } from "@tollgate/contracts/errors";
import { freeNow } from "./body/pages.ts";

const UNPACKED_AT_ONCE = 2;

/**
 * Bounds the memory of the bodies of all running calls together: requests received, decompressed, parsed and sent, and
 * large answers. Without it, many large bodies at once could crash the process.
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
  readonly #answers: AnswerShare[] = [];
  #bytes = 0;
  #isOver = false;

  constructor(memory: BodyMemory) {
    this.#memory = memory;
  }

  /** The account of one answer to this call. */
  answer(): AnswerShare {
    const share = new AnswerShare(this.#memory);
    if (this.#isOver) share.callEnds();
    else this.#answers.push(share);
    return share;
  }

  /** Reserves memory before it is used. Throws 503 `overloaded`, or 499 when the call is over. */
  take(bytes: number): void {
    if (this.#isOver) throw new TollgateError("client_closed_request", "The client left.");
    if (!this.#memory.take(bytes)) {
      throw new TollgateError("overloaded", "Too many large requests and answers are in memory; try again.");
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
    for (const answer of this.#answers) answer.callEnds();
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

/**
 * Memory of an answer that is not streamed. It is given back when the answer has been read and the call is over: an answer may
 * be read after its client has left, and be sent after it has been read.
 */
export class AnswerShare extends BodyShare {
  #isRead = false;
  #isCallOver = false;

  /** The answer has been read, or is given up. */
  end(): void {
    this.#isRead = true;
    if (this.#isCallOver) this.giveAll();
  }

  callEnds(): void {
    this.#isCallOver = true;
    if (this.#isRead) this.giveAll();
  }
}
