import type { KeyPolicy } from "@tollgate/contracts/grant";
import { beforeEach, expect, test } from "vitest";
import { Keys } from "../../src/directory/keys.ts";

const KEYS = 20_000;
const MEMBERS = 10;
const id = (kind: number, n: number): string => `00000000-0000-7${kind}00-8000-${String(n).padStart(12, "0")}`;

let behind: string[];
let asked: number;
let away: boolean;
let keys: Keys;
beforeEach(() => {
  [behind, asked, away] = [[], 0, false];
  keys = new Keys({
    read: async (publicIds) => {
      asked += publicIds.length;
      return new Map();
    },
    log: { info: () => {}, warn: () => {}, error: () => {} },
    clock: () => 0,
    isAway: () => away,
    mayRead: () => true,
    follows: () => true,
    onFailed: () => {},
    onBehind: (_, publicId) => void behind.push(publicId),
    onRead: () => {},
    onKept: () => {},
    bounds: { entriesMax: 2 * KEYS + 2, bytesMax: Number.POSITIVE_INFINITY },
  });
  for (let n = 0; n < KEYS; n += 1) {
    const key = { publicId: `key-${n}`, id: id(1, n), orgId: id(2, n % 7), memberId: id(3, n % MEMBERS), name: "k" };
    keys.restore({ ...key, teamId: null, allow: null, deny: [], secrets: [] } as unknown as KeyPolicy, 0);
  }
  keys.trust({ has: () => false });
});

const current = (n: number): boolean => keys.current(`key-${n}`, 1) !== undefined;
/** Turns of the event loop until the condition holds. */
async function turnsUntil(isDone: () => boolean): Promise<number> {
  for (let turns = 0; ; turns += 1) {
    if (isDone()) return turns;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

test("a change of a member takes effect at once, and its many keys are marked between other work", async () => {
  expect([current(3), current(13), current(4)]).toEqual([true, true, true]);
  keys.membersChanged(new Set([id(3, 3)]));
  expect(behind).toEqual([]);
  expect([current(3), current(KEYS - 7), current(4)]).toEqual([false, false, true]);
  expect(await turnsUntil(() => behind.length >= KEYS / MEMBERS)).toBeGreaterThan(1);
  expect(new Set(behind).size).toBe(KEYS / MEMBERS);
  expect([current(3), current(KEYS - 7), current(4)]).toEqual([false, false, true]);
});

test("a changed key that is used during the walk without Postgres stays changed after it", async () => {
  away = true;
  keys.membersChanged(new Set([id(3, 3)]));
  // Using it moves it to the end of the other generation.
  await keys.load("key-13", { clientAddress: null, atMs: 1 } as never);
  await turnsUntil(() => behind.length >= KEYS / MEMBERS);
  expect([current(13), current(23)]).toEqual([false, false]);
});

test("changed keys are read again some at a time", async () => {
  keys.membersChanged(new Set(Array.from({ length: MEMBERS }, (_, n) => id(3, n))));
  await turnsUntil(() => behind.length >= KEYS);
  keys.readChanged();
  expect(asked).toBe(0);
  expect(await turnsUntil(() => asked >= 5_000)).toBeGreaterThan(1);
  expect(asked).toBeLessThan(10_000);
});

test("distrust and trust concern every key at once, except keys of organisations that are behind", () => {
  keys.distrust();
  expect([current(1), keys.trusted("key-1")]).toEqual([false, undefined]);
  keys.trust(new Set([id(2, 1)]));
  expect([current(0), current(1), current(2)]).toEqual([true, false, true]);
  keys.changed("key-2");
  expect([current(0), current(2)]).toEqual([true, false]);
  keys.distrust();
  expect([current(0), current(2)]).toEqual([false, false]);
  expect(behind).toEqual(["key-2"]);
});
