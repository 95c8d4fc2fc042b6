/**
 * Things that come and go by the thousand each second. In a `Set`, V8 links each outgrown table to its successor, so one
 * that has become old keeps what came later from being collected young; here a place is emptied and used again.
 */
export class Slots<Item extends object> implements Iterable<Item> {
  readonly #items: (Item | null)[] = [];
  readonly #free: number[] = [];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** Returns the place, to be given to `remove`. */
  add(item: Item): number {
    this.#size += 1;
    const place = this.#free.pop() ?? this.#items.length;
    this.#items[place] = item;
    return place;
  }

  /** Once for each place. */
  remove(place: number): void {
    this.#size -= 1;
    this.#items[place] = null;
    this.#free.push(place);
  }

  *[Symbol.iterator](): Iterator<Item> {
    for (const item of this.#items) if (item) yield item;
  }
}
