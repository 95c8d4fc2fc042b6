import { LRUCache } from "lru-cache";
import type { Cache, CachedAnswer } from "./cache.ts";

export interface MemoryCacheOptions {
  /** Bytes of bodies kept; the least recently used answers give way. */
  bytesMax: number;
  /** Milliseconds since the epoch. */
  now: () => number;
}

/** An entry's share of the bound beside its body. */
const ENTRY_BYTES = 512;

interface Entry {
  answer: CachedAnswer;
  storedMs: number;
  expiresMs: number;
}

/** One process's cache. An answer larger than an eighth of it is not kept. */
export function openMemoryCache({ bytesMax, now }: MemoryCacheOptions): Cache {
  const entries = new LRUCache<string, Entry>({
    maxSize: bytesMax,
    maxEntrySize: Math.ceil(bytesMax / 8),
    sizeCalculation: ({ answer }) => answer.body.length + ENTRY_BYTES,
  });
  return {
    get(key) {
      const entry = entries.get(key);
      if (!entry) return undefined;
      const nowMs = now();
      if (nowMs < entry.expiresMs && nowMs >= entry.storedMs) return entry.answer;
      entries.delete(key);
      return undefined;
    },
    set(key, answer, ttlSeconds) {
      const storedMs = now();
      entries.set(key, { answer, storedMs, expiresMs: storedMs + ttlSeconds * 1000 });
    },
    close: async () => entries.clear(),
  };
}
