/** Random numbers that can be repeated: the same seed gives the same sequence. */
export interface Random {
  /** `[0, 1)`. */
  next(): number;
  /** A whole number, `[from, to)`. */
  between(from: number, to: number): number;
  pick<T>(of: readonly [T, ...T[]]): T;
}

/** `mulberry32` with a seed of 32 bits. */
export function seeded(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const between = (from: number, to: number): number => from + Math.floor(next() * (to - from));
  return { next, between, pick: (of) => of[between(0, of.length)] ?? of[0] };
}
