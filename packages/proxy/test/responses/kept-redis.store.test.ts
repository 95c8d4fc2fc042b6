import { redisCommand, redisMissing, type TestRedis, testRedis } from "@tollgate/testkit/redis";
import { responseBoxes } from "@tollgate/vault/response-box";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { Lanes } from "../../src/body/steps.ts";
import { KeptResponses } from "../../src/kept/kept-responses.ts";
import type { KeptStore } from "../../src/kept/kept-store.ts";
import { openRedisStore } from "../../src/kept/redis-store.ts";

const missing = await redisMissing();
const MIB = 1024 * 1024;
const box = (bytes: number) => Buffer.alloc(bytes, 1);

describe.skipIf(missing)("kept responses in Redis", () => {
  let redis: TestRedis;
  let store: KeptStore;
  const open = (ttlMs = 60_000) => openRedisStore({ url: redis.url, bytesMax: 8 * MIB, ttlMs, onError: () => {} });
  const has = async (orgId: string, name: string) => (await store.get(orgId, [name], 8 * MIB))?.[0] !== undefined;
  beforeAll(async () => {
    redis = await testRedis();
  });
  beforeEach(async () => {
    await redisCommand(redis.url, "FLUSHALL");
    store = open();
    await expect.poll(() => has("a", "1").catch(() => true)).toBe(false);
  });
  afterAll(() => redis?.stop());

  test("proxies share them, each for its key only; Redis has neither content nor owner in plain text", async () => {
    const boxes = responseBoxes(Buffer.alloc(32, 3));
    const proxies = [store, open()].map(
      (each) => new KeptResponses({ store: each, boxes, onError: () => {}, pause: async () => {} }),
    );
    const lane = new Lanes().of("org");
    const room = { bytesMax: MIB, take: () => {} };
    const owner = { orgId: "org", keyId: "key-canary" };
    proxies[0]?.keep(owner, { resp_canary: Buffer.from('{"text":"prompt-canary"}') }, null);
    const read = async (proxy: number, keyId: string) =>
      (await proxies[proxy]?.read({ ...owner, keyId }, ["resp_canary"], lane, room))?.get("resp_canary");
    await expect.poll(() => read(1, owner.keyId).catch(() => null)).toEqual({ text: "prompt-canary" });
    expect(await read(1, "key-other")).toBeUndefined();
    const names = (await redisCommand(redis.url, "KEYS", "*")) as string[];
    const stored = names.find((name) => name.includes("box:"));
    expect(String(names) + String(await redisCommand(redis.url, "GET", String(stored)))).not.toContain("canary");
    expect(await proxies[1]?.delete(owner, "resp_canary")).toBe(true);
    expect(await read(0, owner.keyId)).toBeUndefined();
    for (const proxy of proxies) await proxy.close();
  });

  test("the organisation with the most bytes gives room, its least recently used box first", async () => {
    await store.set({ orgId: "small", name: "0" }, box(MIB));
    for (let at = 0; at < 6; at++) await store.set({ orgId: "large", name: String(at) }, box(MIB));
    await expect.poll(() => has("large", "0")).toBe(true);
    for (const name of ["a", "b"]) await store.set({ orgId: "new", name }, box(MIB));
    expect(await has("small", "0")).toBe(true);
    expect([await has("large", "1"), await has("large", "2")]).toEqual([false, false]);
    expect([await has("new", "a"), await has("new", "b")]).toEqual([true, true]);
    expect(await store.get("new", ["a", "b"], MIB)).toBeNull();
    expect(await store.set({ orgId: "new", name: "c" }, box(MIB + 1))).toBe(false);
  });

  test("boxes whose lifetime has ended take no room", async () => {
    const short = open(1);
    await expect
      .poll(() => Promise.resolve(short.set({ orgId: "a", name: "1" }, box(MIB))).catch(() => false))
      .toBe(true);
    // Its own store renews it for a millisecond only.
    await expect.poll(async () => (await short.get("a", ["1"], 2 * MIB))?.[0]).toBeUndefined();
    await store.set({ orgId: "b", name: "2" }, box(10));
    const bytes = await redisCommand(redis.url, "GET", "tollgate:{responses}:sum");
    expect(Number(bytes)).toBe(10 + 512);
    await short.close();
  });

  test("a store that does not answer is 503, not an unknown response", async () => {
    const kept = new KeptResponses({ store, boxes: responseBoxes(Buffer.alloc(32, 3)), onError: () => {} });
    await kept.close();
    const room = { bytesMax: MIB, take: () => {} };
    const reading = kept.read({ orgId: "org", keyId: "key" }, ["resp_1"], new Lanes().of("org"), room);
    await expect(reading).rejects.toMatchObject({ status: 503 });
  });
});
