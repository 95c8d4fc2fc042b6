import { LRUCache } from "lru-cache";
import type { Cache, CachedAnswer } from "./cache.ts";

export interface MemoryCacheOptions {
  /** Bytes of bodies kept; the least recently used answers give way. */
  bytesMax: number;
  /** Milliseconds that no change of the machine's clock alters; default `performance.now`. */
  monotonic?: () => number;
}

/** An entry's share of the bound beside its body. */
const ENTRY_BYTES = 512;

interface Entry {
  answer: CachedAnswer;
  expiresMs: number;
}

/** One process's cache. An answer larger than an eighth of it is not kept. */
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
