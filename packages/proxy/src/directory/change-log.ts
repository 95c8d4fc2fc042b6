import type { LogPage, LogPosition, PolicyChange } from "./changes.ts";

export interface ChangeLogOptions {
  read: (from: LogPosition | null) => Promise<LogPage>;
  clock: () => number;
  /** The position to continue from; null at the first read. */
  from: LogPosition | null;
  /** The changes after `from`. Null: the log does not continue there, or this is the first read. */
  onChanges: (changes: readonly PolicyChange[] | null, blocks: boolean, startedAtMs: number) => void;
  /** The log was read to its end as of `startedAtMs`. */
  onRead: (startedAtMs: number) => void;
  onFailed: (error: unknown) => void;
}

/** Follows the log of policy changes. It is read when a change is announced, and each second anyway. */
export class ChangeLog {
  readonly #options: ChangeLogOptions;
  #position: LogPosition | null;
  #reading: Promise<void> | null = null;
  #isAgain = false;

  constructor(options: ChangeLogOptions) {
    this.#options = options;
    this.#position = options.from;
  }

  /** Null: the log was not read yet. */
  get position(): LogPosition | null {
    return this.#position;
  }

  /** Reads the log. One read at a time, so that a Postgres that does not answer gets no more queries. */
  look(): Promise<void> {
    this.#reading ??= this.#read().finally(() => {
      this.#reading = null;
      if (!this.#isAgain) return;
      this.#isAgain = false;
      void this.look();
    });
    return this.#reading;
  }

  /** A change was announced: a read that began before may not contain it. */
  lookAgain(): void {
    if (this.#reading) this.#isAgain = true;
    else void this.look();
  }

  async #read(): Promise<void> {
    const { read, clock, onChanges, onRead, onFailed } = this.#options;
    try {
      for (;;) {
        const startedAtMs = clock();
        const page = await read(this.#position);
        onChanges(this.#position === null ? null : page.changes, page.blocks, startedAtMs);
        this.#position = page.position;
        if (!page.isFull) return onRead(startedAtMs);
      }
    } catch (error) {
      onFailed(error);
    }
  }
}
