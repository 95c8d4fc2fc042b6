import type { Batched } from "./frame-batch.ts";

export interface Taken {
  /** Texts of ended calls, oldest first. */
  events: string[];
  /** Position up to which everything was taken. */
  to: number;
}

/** Characters kept for a slow queue. Beyond them the file is read. */
const CHARS_MAX = 2 * 1024 * 1024;

/**
 * The events that were written last, for the shipper: while it keeps up with the writes, nothing is read from the file,
 * checked and decoded again. It holds everything in `[from, to)`, or nothing.
 */
export class RecentEvents {
  #isKept = false;
  #from = 0;
  #to = 0;
  #events: { text: string; end: number }[] = [];
  #chars = 0;

  /** Called after records are written to the file. */
  written(records: readonly Batched[], start: number): void {
    if (!this.#isKept) return;
    if (start !== this.#to) {
      this.#drop();
      return;
    }
    for (const { kind, text, bytes } of records) {
      this.#to += bytes;
      if (kind === "D") continue;
      this.#events.push({ text, end: this.#to });
      this.#chars += text.length;
    }
    if (this.#chars > CHARS_MAX) this.#drop();
  }

  /**
   * Takes what was written from position `from`, at most `most` events. While no call has ended it takes nothing, and the
   * next `take` begins at the same position. Null when the file must be read.
   */
  take(from: number, most: number): Taken | null {
    if (!this.#isKept || from !== this.#from) return null;
    if (this.#events.length === 0) return { events: [], to: this.#to };
    const taken = this.#events.splice(0, most);
    for (const { text } of taken) this.#chars -= text.length;
    this.#from = (this.#events.length > 0 && taken.at(-1)?.end) || this.#to;
    return { events: taken.map(({ text }) => text), to: this.#from };
  }

  /** The shipper has everything up to `end`, the end of the file: what is written from now on is kept. */
  caughtUp(end: number): void {
    if (this.#isKept && this.#from === end) return;
    this.#drop();
    this.#isKept = true;
    this.#from = end;
    this.#to = end;
  }

  #drop(): void {
    this.#isKept = false;
    this.#events = [];
    this.#chars = 0;
  }
}
