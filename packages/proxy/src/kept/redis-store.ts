import { readFileSync } from "node:fs";
import path from "node:path";
import { Redis } from "ioredis";
import { boxBytesMax, ENTRY_BYTES, type KeptStore, type KeptStoreOptions } from "./kept-store.ts";

interface RedisOptions extends KeptStoreOptions {
  url: string;
  onError: (error: Error) => void;
}

const CONNECT_MS_MAX = 1_000;
const COMMAND_MS_MAX = 2_000;
const RECONNECT_MS_MAX = 500;

/** One hash tag, so that a Redis cluster has all boxes and their sums on one node. */
const PREFIX = "tollgate:{responses}:";

type Scripted = Redis & {
  keepBox(key: string, ...args: (string | number | Buffer)[]): Promise<number>;
  dropBox(key: string, ...args: (string | number)[]): Promise<number>;
  touchBoxesBuffer(key: string, ...args: (string | number)[]): Promise<(Buffer | null)[]>;
};

/** Boxes in Redis, for any number of proxies. */
export function openRedisStore({ url, bytesMax, ttlMs, onError }: RedisOptions): KeptStore {
  const redis = new Redis(url, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    commandTimeout: COMMAND_MS_MAX,
    connectTimeout: CONNECT_MS_MAX,
    retryStrategy: (times) => Math.min(50 * times, RECONNECT_MS_MAX),
  }) as Scripted;
  redis.on("error", onError);
  const file = (name: string): string => readFileSync(path.join(import.meta.dirname, `${name}.lua`), "utf8");
  for (const [name, script] of Object.entries({
    keepBox: "keep-box",
    dropBox: "drop-box",
    touchBoxes: "touch-boxes",
  })) {
    redis.defineCommand(name, { numberOfKeys: 1, lua: file("boxes") + file(script) });
  }
  return {
    boxBytesMax: boxBytesMax(bytesMax),
    async get(orgId, names, most) {
      const found = await redis.touchBoxesBuffer(PREFIX, orgId, ttlMs, most, ...names);
      return found.length < names.length ? null : found.map((box) => box ?? undefined);
    },
    async set({ orgId, name }, box) {
      if (box.length > boxBytesMax(bytesMax)) return false;
      await redis.keepBox(PREFIX, orgId, name, box, box.length + ENTRY_BYTES, ttlMs, bytesMax);
      return true;
    },
    delete: async ({ orgId, name }) => (await redis.dropBox(PREFIX, orgId, name)) === 1,
    close: async () => redis.disconnect(),
  };
}
