/**
 * Reads counts from a usage block, which may contain anything. `suspect` becomes true when a count is invalid. Readers
 * set units with count 0 to undefined in one object literal, so that all results have the same shape (which V8 handles
 * fastest).
 */
export class Counts {
  suspect = false;
  /** The block has output, and does not say how much input. Readers set it. */
  lacksInput = false;
  readonly #block: Record<string, unknown>;

  constructor(block: Record<string, unknown>) {
    this.#block = block;
  }

  has(name: string): boolean {
    return this.#block[name] !== undefined && this.#block[name] !== null;
  }

  /** The first field of `names` that exists, as a whole number ≥ 0. An invalid count is 0 and sets `suspect`. */
  get(...names: string[]): number {
    let value: unknown;
    for (let at = 0; at < names.length && (value ?? null) === null; at++) value = this.#block[names[at] as string];
    if ((value ?? null) === null) return 0;
    const count = typeof value === "string" && /^\d{1,15}$/.test(value) ? Number(value) : value;
    if (typeof value !== "number") this.suspect = true;
    if (typeof count === "number" && Number.isFinite(count) && count >= 0) return Math.round(count);
    this.suspect = true;
    return 0;
  }

  /** Reads a nested block, empty if it is missing. If it is suspect, so is this block. */
  inner<T>(names: string[], read: (counts: Counts) => T): T {
    let found: unknown;
    for (let at = 0; at < names.length && !isBlock(found); at++) found = this.#block[names[at] as string];
    const counts = new Counts(isBlock(found) ? found : {});
    const result = read(counts);
    this.suspect ||= counts.suspect;
    return result;
  }

  /** The objects in a list field. */
  list(name: string): Record<string, unknown>[] {
    const value = this.#block[name];
    return Array.isArray(value) ? value.filter(isBlock) : [];
  }
}

export const isBlock = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
