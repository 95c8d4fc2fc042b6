import { LRUCache } from "lru-cache";
import type { Cache, CachedAnswer } from "./cache.ts";

export interface MemoryCacheOptions {
  /** Maximum bytes of stored bodies; the least recently used answers are removed first. */
  bytesMax: number;
  /** Monotonic time in milliseconds; default `performance.now`. */
  monotonic?: () => number;
}

/** Bytes that each entry counts besides its body. */
const ENTRY_BYTES = 512;

interface Entry {
  answer: CachedAnswer;
  expiresMs: number;
}

/** A cache in the memory of one process. An answer larger than an eighth of `bytesMax` is not stored. */
export function openMemoryCache({ bytesMax, monotonic = () => performance.now() }: MemoryCacheOptions): Cache {
  const entries = new LRUCache<string, Entry>({
    maxSize: bytesMax,
    maxEntrySize: Math.ceil(bytesMax / 8),
    sizeCalculation: ({ answer }) => answer.body.length + ENTRY_BYTES,
  });
  return {
    get(key) {
      const entry = entries.get(key);
      if (!entry) return undefined;
      if (monotonic() < entry.expiresMs) return entry.answer;
      entries.delete(key);
      return undefined;
    },
    set(key, answer, ttlSeconds) {
      entries.set(key, { answer, expiresMs: monotonic() + ttlSeconds * 1000 });
    },
    close: async () => entries.clear(),
  };
}
