import type { ModelPolicy } from "@tollgate/contracts/grant";
import { NOTHING_USED } from "@tollgate/contracts/usage-event";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { CachedAnswer } from "../../src/cache/cache.ts";
import { cacheControl } from "../../src/cache/cache-control.ts";
import { cacheKey } from "../../src/cache/cache-key.ts";
import { openMemoryCache } from "../../src/cache/memory-cache.ts";

const HOUR_MS = 3_600_000;

afterEach(() => void vi.useRealTimers());

const orgA = "0190a000-0000-7000-8000-00000000000a";
const orgB = "0190a000-0000-7000-8000-00000000000b";
const model = (upstreamModel = "gpt-4o-mini"): ModelPolicy => ({
  id: "0190a000-0000-7000-8000-0000000000aa",
  name: "fast",
  route: "priority",
  cacheTtlSeconds: 60,
  maxOutputTokens: null,
  targets: [{ id: "t", credentialId: "c", upstreamModel, priority: 0, weight: 1 }],
});
const answerOf = (bytes: number): CachedAnswer => ({
  contentType: "application/json",
  body: Buffer.alloc(bytes),
  provider: "openai",
  upstreamModel: "gpt-4o-mini",
  use: NOTHING_USED,
});

describe("cache key", () => {
  const body = { model: "fast", messages: [{ role: "user", content: "hi" }], temperature: 0 };
  const key = cacheKey(orgA, model(), "chat", body);

  it("is the same for any order of the fields", () => {
    expect(cacheKey(orgA, model(), "chat", Object.fromEntries(Object.entries(body).reverse()))).toBe(key);
  });

  it.each([
    ["another tenant", cacheKey(orgB, model(), "chat", body)],
    ["another upstream model behind the name", cacheKey(orgA, model("gpt-4o"), "chat", body)],
    ["another surface", cacheKey(orgA, model(), "responses", body)],
    ["a stream", cacheKey(orgA, model(), "chat", { ...body, stream: true })],
    ["another order of messages", cacheKey(orgA, model(), "chat", { ...body, messages: [...body.messages, {}] })],
    ["a number for a text", cacheKey(orgA, model(), "chat", { ...body, temperature: "0" })],
    ["a name only JavaScript treats apart", cacheKey(orgA, model(), "chat", JSON.parse('{"__proto__":{"a":1}}'))],
  ])("is another for %s", (_case, other) => {
    expect(other).not.toBe(key);
  });

  it("differs for an array and an object with the same values", () => {
    expect(cacheKey(orgA, model(), "chat", { a: [["b", 1]] })).not.toBe(
      cacheKey(orgA, model(), "chat", { a: { b: 1 } }),
    );
    const pairs = { pairs: [["b", 1]] };
    expect(cacheKey(orgA, model(), "chat", { a: pairs })).not.toBe(cacheKey(orgA, model(), "chat", { a: { b: 1 } }));
  });
});

describe("memory cache", () => {
  it("deletes an answer after its time to live", async () => {
    let nowMs = 1_000_000;
    const cache = openMemoryCache({ bytesMax: 1_000_000, monotonic: () => nowMs });
    await cache.set("k", answerOf(10), 60);
    nowMs += 59_999;
    expect(await cache.get("k")).toEqual(answerOf(10));
    nowMs += 1;
    expect(await cache.get("k")).toBeUndefined();
  });

  it.each([-HOUR_MS, HOUR_MS])("works if the machine's clock is changed by %i ms", async (byMs) => {
    vi.useFakeTimers({ toFake: ["Date", "performance"] });
    const cache = openMemoryCache({ bytesMax: 1_000_000 });
    await cache.set("k", answerOf(10), 60);
    vi.setSystemTime(Date.now() + byMs);
    expect(await cache.get("k")).toBeDefined();
    vi.advanceTimersByTime(60_000);
    expect(await cache.get("k")).toBeUndefined();
  });

  it("stays within its size; the least recently used answer is removed first", async () => {
    const cache = openMemoryCache({ bytesMax: 100_000, monotonic: () => 0 });
    for (let i = 0; i < 20; i++) {
      await cache.set(`k${i}`, answerOf(10_000), 60);
      await cache.get("k0");
    }
    const kept = await Promise.all(Array.from({ length: 20 }, (_, i) => cache.get(`k${i}`)));
    expect(kept.filter(Boolean)).toHaveLength(9);
    expect(kept[0]).toBeDefined();
    expect(kept[1]).toBeUndefined();
  });

  it("does not keep an answer that is too large", async () => {
    const cache = openMemoryCache({ bytesMax: 100_000, monotonic: () => 0 });
    await cache.set("k", answerOf(13_000), 60);
    expect(await cache.get("k")).toBeUndefined();
  });
});

describe("x-tollgate-cache", () => {
  it.each([
    [undefined, { read: true, write: true, ttlSeconds: 60 }],
    ["no-store", { read: false, write: false, ttlSeconds: 0 }],
    ["Refresh", { read: false, write: true, ttlSeconds: 60 }],
    ["ttl=5", { read: true, write: true, ttlSeconds: 5 }],
    ["ttl=600", { read: true, write: true, ttlSeconds: 60 }],
  ])("%s", (header, expected) => {
    expect(cacheControl(header, 60)).toEqual(expected);
  });

  it.each(["ttl=0", "ttl=-1", "ttl=1.5", "max-age=5", "no-store, refresh"])("refuses %s", (header) => {
    expect(() => cacheControl(header, 60)).toThrow("x-tollgate-cache");
  });
});
