import { createClock } from "@tollgate/limits/clock";
import { createRedisStore, type RedisStoreOptions } from "@tollgate/limits/redis-store";
import type { SharedStore } from "@tollgate/limits/shared-store";
import type { HoldEntry } from "@tollgate/limits/store";
import { freshId } from "@tollgate/testkit/fresh-id";
import { type TestRedis, testRedis } from "@tollgate/testkit/redis";
import { Redis } from "ioredis";
import { afterAll, afterEach, beforeAll } from "vitest";

/** One Redis for the tests of a file, and stores on it that are closed after each test. */
export function redisStores() {
  let redis: TestRedis;
  let client: Redis;
  const open: SharedStore[] = [];
  beforeAll(async () => {
    redis = await testRedis();
    client = new Redis(redis.url);
  });
  afterEach(async () => {
    await Promise.all(open.splice(0).map((store) => store.close()));
  });
  afterAll(async () => {
    client.disconnect();
    await redis.stop();
  });
  return {
    client: () => client,
    store(options: Partial<RedisStoreOptions> = {}): SharedStore {
      const opened = createRedisStore({
        url: redis.url,
        owner: () => "a",
        clock: createClock(),
        readLedger: async () => ({ committed: new Map(), revision: 0, cursors: "", ended: [] }),
        position: () => 0,
        readCounters: async () => ({ committed: new Map(), positions: new Map() }),
        readOwn: async (_orgId, _cursors, last) => last(new Map()),
        onError: () => {},
        gatherMs: 0,
        ...options,
      });
      open.push(opened);
      return opened;
    },
  };
}

export const entry = (amount: bigint, cap: bigint, counter = "a"): HoldEntry => ({
  limitId: freshId(),
  counter,
  unit: "usd",
  mode: "block",
  amount,
  cap,
  resetsAtMs: null,
});
