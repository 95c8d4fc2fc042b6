import type { Cache } from "./cache.ts";

/** One process's cache, bounded in bytes of bodies. `now` in epoch ms. */
export declare function openMemoryCache(options: { bytesMax: number; now: () => number }): Cache;
