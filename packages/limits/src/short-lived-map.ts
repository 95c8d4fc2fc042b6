/** Entries until the first renewal. */
const ADDED_MIN = 256;

/**
 * A map whose entries come and go by the thousand each second, in the order they came. V8 gives a `Map` that has become old
 * its further tables in the old generation, and each outgrown one keeps what it held until the next full collection. So
 * it is copied now and then, which keeps it young and costs an entry no more than adding it.
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
