import { expect, test } from "vitest";
import { openMemoryStore } from "../../src/kept/memory-store.ts";

const box = (bytes: number) => Buffer.alloc(bytes, 1);
const MIB = 1024 * 1024;

function opened(bytesMax = 8 * MIB) {
  const clock = { ms: 0 };
  const store = openMemoryStore({ bytesMax, ttlMs: 1_000, monotonic: () => clock.ms });
  const has = async (orgId: string, name: string) => (await store.get(orgId, [name], bytesMax))?.[0] !== undefined;
  return { store, clock, has };
}

test("a box lives for a time after its last use", async () => {
  const { store, clock, has } = opened();
  await store.set({ orgId: "a", name: "1" }, box(9));
  clock.ms = 900;
  expect(await has("a", "1")).toBe(true);
  clock.ms = 1_800;
  expect(await has("a", "1")).toBe(true);
  clock.ms = 2_801;
  expect(await has("a", "1")).toBe(false);
  expect(await store.delete({ orgId: "a", name: "1" })).toBe(false);
});

test("the organisation with the most bytes gives room, its least recently used box first", async () => {
  const { store, has } = opened();
  await store.set({ orgId: "small", name: "0" }, box(MIB));
  for (let at = 0; at < 6; at++) await store.set({ orgId: "large", name: String(at) }, box(MIB));
  await has("large", "0");
  for (const name of ["a", "b"]) await store.set({ orgId: "new", name }, box(MIB));
  expect(await has("small", "0")).toBe(true);
  expect([await has("large", "0"), await has("large", "1"), await has("large", "2")]).toEqual([true, false, false]);
  expect([await has("new", "a"), await has("new", "b")]).toEqual([true, true]);
});

test("a box that is too large is not stored, and boxes that are too large together are not read", async () => {
  const { store } = opened();
  expect(await store.set({ orgId: "a", name: "1" }, box(MIB + 1))).toBe(false);
  for (const name of ["2", "3"]) await store.set({ orgId: "a", name }, box(MIB));
  expect(await store.get("a", ["2", "3"], MIB)).toBeNull();
  expect(await store.get("a", ["2", "4"], MIB)).toEqual([box(MIB), undefined]);
});

test("room is made without a look at all organisations", async () => {
  const { store, clock } = opened();
  for (let org = 0; org < 2_000; org++) await store.set({ orgId: `small${org}`, name: "0" }, box(1_000));
  for (let at = 0; at < 5; at++) await store.set({ orgId: "large", name: String(at) }, box(MIB));
  let looks = 0;
  Object.defineProperty(clock, "ms", { get: () => looks++ && 0 });
  for (let at = 0; at < 100; at++) await store.set({ orgId: "new", name: String(at) }, box(10_000));
  expect(looks).toBeLessThan(1_000);
});
