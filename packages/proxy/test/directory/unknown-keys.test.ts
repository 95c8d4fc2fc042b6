import type { KeyPolicy } from "@tollgate/contracts/grant";
import { beforeEach, expect, test } from "vitest";
import { Keys } from "../../src/directory/keys.ts";

const BALANCER = "10.0.0.5";
const ORG = "00000000-0000-7000-8000-000000000001";
const keyOf = (publicId: string) =>
  ({
    publicId,
    id: ORG,
    orgId: ORG,
    memberId: null,
    teamId: null,
    name: "k",
    allow: null,
    deny: [],
    secrets: [],
  }) as unknown as KeyPolicy;

let warned: object[];
let keys: Keys;
beforeEach(() => {
  warned = [];
  keys = new Keys({
    // No key exists in Postgres.
    read: async () => new Map(),
    log: { info: () => {}, warn: (about) => void warned.push(about as object), error: () => {} },
    clock: () => 0,
    isAway: () => false,
    mayRead: () => true,
    follows: () => true,
    onFailed: () => {},
    onBehind: () => {},
    onRead: () => {},
    onKept: () => {},
  });
});

let count = 0;
/** Looks up keys that do not exist, and returns how many look-ups were refused. */
async function lookUp(times: number, claimed: (n: number) => string | null, clientAddress = BALANCER): Promise<number> {
  const asked = Array.from({ length: times }, (_, n) =>
    keys.load(`unknown-${++count}`, { atMs: 0, clientAddress, claimedAddress: claimed(n) }),
  );
  const answers = await Promise.allSettled(asked);
  for (const answer of answers)
    if (answer.status === "rejected") expect(answer.reason).toMatchObject({ code: "rate_limit_exceeded" });
  return answers.filter(({ status }) => status === "rejected").length;
}

test("behind a balancer that is not trusted, a client with unknown keys does not use up the bound of the others", async () => {
  expect(await lookUp(200, () => "198.51.100.1")).toBe(0);
  expect(await lookUp(50, () => "198.51.100.1")).toBe(50);
  expect(await lookUp(50, () => "198.51.100.2")).toBe(0);
  expect(warned).toEqual([{ address: BALANCER }]);
});

test("a sender that names a new client with each call is bounded too", async () => {
  expect(await lookUp(1_900, (n) => `10.1.${n >> 8}.${n & 255}`)).toBe(0);
  expect(await lookUp(1_900, (n) => `10.2.${n >> 8}.${n & 255}`)).toBe(0);
  expect(await lookUp(1_900, (n) => `10.3.${n >> 8}.${n & 255}`)).toBe(0);
  expect(await lookUp(50, (n) => `10.4.0.${n}`)).toBe(50);
});

test("a client that is connected directly has its own bound, and no warning", async () => {
  expect(await lookUp(200, () => null, "203.0.113.9")).toBe(0);
  expect(await lookUp(1, () => null, "203.0.113.9")).toBe(1);
  expect(warned).toEqual([]);
});

test("keys in memory are not bounded", async () => {
  for (const publicId of ["current", "changed"]) keys.restore(keyOf(publicId), 0);
  keys.trust({ has: () => false });
  await lookUp(250, () => null, "203.0.113.9");
  expect(await lookUp(1, () => null, "203.0.113.9")).toBe(1);
  expect(keys.current("current", 1)).toMatchObject({ key: { publicId: "current" } });
  keys.changed("changed");
  // It is read again, and does not exist any more.
  await expect(keys.load("changed", { atMs: 0, clientAddress: "203.0.113.9" })).resolves.toBeUndefined();
});
