import type { LongTexts } from "../body/long-texts.ts";
import { inTurns, type Lane } from "../body/steps.ts";
import { EventBlocks } from "../sse/event-blocks.ts";
import { scrubbingBytes } from "./scrubbed.ts";

/** A larger block has an event that is not read at once, because its long texts would hold the event loop. */
const LARGE_BLOCK_BYTES = 256 * 1024;
/** Of what remains of a large block. It is read at once. */
const SHORT_BYTES_MAX = 4 * 1024 * 1024;

export interface WholeEventsOptions {
  lane: Lane;
  /** The secret of the credential. It is removed from large blocks. */
  secret: string;
  /** For a large block. */
  texts(): LongTexts;
  /** Gets whole events. `texts`: what has been cut out of them; null: nothing. False: there is no room until `resume`. */
  take(block: Buffer, texts: LongTexts | null): boolean;
  /** There is room for more bytes after `push` has returned false. */
  resume(): void;
  failed(error: unknown): void;
}

/** Cuts an event stream into blocks of whole events. The long texts of a large block are taken out of it, in turns. */
export class WholeEvents {
  readonly #options: WholeEventsOptions;
  readonly #blocks = new EventBlocks();
  /** Blocks that arrived while a large one is being cut. */
  readonly #waiting: Buffer[] = [];
  #isCutting = false;
  #last: (() => void) | null = null;
  #isOver = false;

  constructor(options: WholeEventsOptions) {
    this.#options = options;
  }

  /** Bytes of an event that is not complete yet. */
  get heldBytes(): number {
    return this.#blocks.heldBytes;
  }

  /** False: there is no room until `resume`. */
  push(chunk: Buffer): boolean {
    const block = this.#blocks.push(chunk);
    return block === null ? !this.#isCutting : this.#give(block);
  }

  /** Gives what remains as the last event, then calls `last`. */
  end(last: () => void): void {
    const rest = this.#blocks.rest();
    if (rest.length > 0) this.#give(rest);
    this.settle(last);
  }

  /** Calls `last` after all whole events have been taken. */
  settle(last: () => void): void {
    if (this.#isCutting) this.#last = last;
    else if (!this.#isOver) last();
  }

  /** Nothing is given from now on. */
  stop(): void {
    this.#isOver = true;
  }

  #give(block: Buffer): boolean {
    if (this.#isOver) return true;
    if (this.#isCutting) {
      this.#waiting.push(block);
      return false;
    }
    if (block.length <= LARGE_BLOCK_BYTES) return this.#options.take(block, null);
    this.#isCutting = true;
    this.#cut(block).catch((error: unknown) => {
      if (!this.#isOver) this.#options.failed(error);
    });
    return false;
  }

  async #cut(block: Buffer): Promise<void> {
    const { lane, secret, take, resume } = this.#options;
    const texts = this.#options.texts();
    const clean = await inTurns(scrubbingBytes(block, secret), lane);
    const short = await inTurns(texts.cutting(clean), lane);
    if (this.#isOver) return;
    if (short.length > SHORT_BYTES_MAX) throw new Error("an event is too large");
    let hasRoom = take(short, texts);
    this.#isCutting = false;
    for (let next = this.#waiting.shift(); next && !this.#isOver; next = this.#waiting.shift()) {
      hasRoom = this.#give(next);
      if (this.#isCutting) return;
    }
    const last = this.#last;
    if (this.#isOver) return;
    if (last) last();
    else if (hasRoom) resume();
  }
}
