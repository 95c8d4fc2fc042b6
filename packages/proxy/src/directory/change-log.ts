import type { LogPage, LogPosition, PolicyChange } from "./changes.ts";

export interface ChangeLogOptions {
  read: (from: LogPosition | null) => Promise<LogPage>;
  clock: () => number;
  /** From where to go on; null: nothing is known yet. */
  from: LogPosition | null;
  /** Changes after `from`; null: the log does not continue there, or is read for the first time. */
  onChanges: (changes: readonly PolicyChange[] | null, blocks: boolean, startedAtMs: number) => void;
  /** The log was read to its end as of `startedAtMs`. */
  onRead: (startedAtMs: number) => void;
  onFailed: (error: unknown) => void;
}

/** Follows the log of policy changes: read when a change is announced, and each second in any case. */
export class ChangeLog {
  readonly #options: ChangeLogOptions;
  #position: LogPosition | null;
  #reading: Promise<void> | null = null;
  #isAgain = false;

  constructor(options: ChangeLogOptions) {
    this.#options = options;
    this.#position = options.from;
  }

  /** Null: it was not read yet. */
  get position(): LogPosition | null {
    return this.#position;
  }

  /** One reading at a time: Postgres that does not answer is not asked more and more. */
  look(): Promise<void> {
    this.#reading ??= this.#read().finally(() => {
      this.#reading = null;
      if (!this.#isAgain) return;
      this.#isAgain = false;
      void this.look();
    });
    return this.#reading;
  }

  /** A change was announced: a reading that began before may not have it. */
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
