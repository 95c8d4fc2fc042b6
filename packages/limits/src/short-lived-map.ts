/** Entries added before the first copy. */
const ADDED_MIN = 256;

/**
 * An ordered map for entries that live for a moment, thousands per second. V8 allocates the further tables of a long-lived `Map`
 * in the old generation, where each outgrown table keeps its entries alive until the next full garbage collection. So the
 * map is copied now and then, which keeps it in the young generation and costs no more than adding each entry once more.
 */
export class ShortLivedMap<Key, Value> {
  #entries = new Map<Key, Value>();
  #addable = ADDED_MIN;

  get size(): number {
    return this.#entries.size;
  }

  get(key: Key): Value | undefined {
    return this.#entries.get(key);
  }

  has(key: Key): boolean {
    return this.#entries.has(key);
  }

  set(key: Key, value: Value): void {
    this.#addable -= 1;
    if (this.#addable < 0) {
      this.#entries = new Map(this.#entries);
      this.#addable = Math.max(ADDED_MIN, 2 * this.#entries.size);
    }
    this.#entries.set(key, value);
  }

  delete(key: Key): boolean {
    return this.#entries.delete(key);
  }

  values(): MapIterator<Value> {
    return this.#entries.values();
  }
}
