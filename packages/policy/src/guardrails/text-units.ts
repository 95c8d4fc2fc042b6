const FIRST_ROOM = 256;

/** UTF-16 units that are appended, each with its position in another text. Positions never decrease. */
export class TextUnits {
  #units: Uint16Array;
  #starts: Uint32Array;
  #length = 0;

  /** `room` is the expected number of units. There may be more. */
  constructor(room: number) {
    const size = Math.max(FIRST_ROOM, room);
    this.#units = new Uint16Array(size);
    this.#starts = new Uint32Array(size);
  }

  get length(): number {
    return this.#length;
  }

  push(unit: number, start: number): void {
    const at = this.#length++;
    if (at === this.#units.length) this.#grow();
    this.#units[at] = unit;
    this.#starts[at] = start;
  }

  text(): string {
    return Buffer.from(this.#units.buffer, 0, this.#length * 2).toString("utf16le");
  }

  /** The position in the other text at which the unit at `index` begins. */
  startOf(index: number): number {
    return this.#starts[index] ?? 0;
  }

  /** The exclusive end of that unit there: the position of the next unit, including characters that were left out before it. */
  endOf(index: number, otherLength: number): number {
    let next = index + 1;
    while (next < this.#length && this.#starts[next] === this.#starts[index]) next++;
    return next < this.#length ? this.startOf(next) : otherLength;
  }

  #grow(): void {
    const size = this.#units.length * 2;
    const units = new Uint16Array(size);
    units.set(this.#units);
    this.#units = units;
    const starts = new Uint32Array(size);
    starts.set(this.#starts);
    this.#starts = starts;
  }
}
