import type { BodyShare } from "../../../body-memory.ts";

/** Memory of one parsed line, which is given back before the next line is read. */
export class LineMemory {
  readonly #memory: BodyShare;
  #bytes = 0;

  constructor(memory: BodyShare) {
    this.#memory = memory;
  }

  take(bytes: number): void {
    this.#memory.take(bytes);
    this.#bytes += bytes;
  }

  giveAll(): void {
    this.#memory.give(this.#bytes);
    this.#bytes = 0;
  }
}
