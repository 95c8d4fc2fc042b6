export interface Bounds {
  entriesMax: number;
  /** Sum of the entries' `bytes`. */
  bytesMax: number;
}

/**
 * Keeps recently used entries, within bounds. There are two generations. A used entry moves to the young one. When that has
 * half of the allowed entries, it becomes the old one, and the former old one is dropped. So using a young entry writes
 * nothing, and dropping entries needs no search.
 */
export class BoundedMap<Entry extends { bytes: number }> {
  readonly #bounds: Bounds;
  #young = new Map<string, Entry>();
  #old = new Map<string, Entry>();
  #youngBytes = 0;
  #oldBytes = 0;

  constructor(bounds: Bounds) {
    this.#bounds = bounds;
  }

  get size(): number {
    return this.#young.size + this.#old.size;
  }

  get bytes(): number {
    return this.#youngBytes + this.#oldBytes;
  }

  get(name: string): Entry | undefined {
    const young = this.#young.get(name);
    if (young) return young;
    const old = this.#old.get(name);
    if (old) this.set(name, old);
    return old;
  }

  /** Reads an entry without counting it as used. */
  peek(name: string): Entry | undefined {
    return this.#young.get(name) ?? this.#old.get(name);
  }

  set(name: string, entry: Entry): void {
    this.delete(name);
    this.#young.set(name, entry);
    this.#youngBytes += entry.bytes;
    const { entriesMax, bytesMax } = this.#bounds;
    if (this.#young.size < entriesMax / 2 && this.#youngBytes < bytesMax / 2) return;
    [this.#old, this.#oldBytes] = [this.#young, this.#youngBytes];
    [this.#young, this.#youngBytes] = [new Map(), 0];
  }

  delete(name: string): boolean {
    const young = this.#young.get(name);
    if (young) this.#youngBytes -= young.bytes;
    const old = this.#old.get(name);
    if (old) this.#oldBytes -= old.bytes;
    return this.#young.delete(name) || this.#old.delete(name);
  }

  clear(): void {
    [this.#young, this.#old] = [new Map(), new Map()];
    [this.#youngBytes, this.#oldBytes] = [0, 0];
  }

  *entries(): Generator<[string, Entry]> {
    yield* this.#young;
    yield* this.#old;
  }
}
