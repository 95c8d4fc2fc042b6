/**
 * Reads counts out of a block that may hold anything, and remembers whether anything was absurd. Readers leave out units
 * whose count is 0: each has one object literal, so that its uses have one shape.
 */
export class Counts {
  suspect = false;
  readonly #block: Record<string, unknown>;

  constructor(block: Record<string, unknown>) {
    this.#block = block;
  }

  has(name: string): boolean {
    return this.#block[name] !== undefined && this.#block[name] !== null;
  }

  /** The first of `names` that is there, as a whole number of at least 0; what is absurd counts as 0 and is remembered. */
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

  /** A block inside the block; empty when it is missing. Its absurdities are remembered here too. */
  inner<T>(names: string[], read: (counts: Counts) => T): T {
    let found: unknown;
    for (let at = 0; at < names.length && !isBlock(found); at++) found = this.#block[names[at] as string];
    const counts = new Counts(isBlock(found) ? found : {});
    const result = read(counts);
    this.suspect ||= counts.suspect;
    return result;
  }

  /** The blocks of a list inside the block. */
  list(name: string): Record<string, unknown>[] {
    const value = this.#block[name];
    return Array.isArray(value) ? value.filter(isBlock) : [];
  }
}

export const isBlock = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
