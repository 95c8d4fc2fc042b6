import { counterKey } from "@tollgate/limits/counter-key";
import { createMemoryStore } from "@tollgate/limits/memory-store";
import type { HoldEntry } from "@tollgate/limits/store";
import { freshId } from "@tollgate/testkit/fresh-id";
import { beforeEach, expect, test } from "vitest";

const MOST = 16;
const CAP = 20n;
const limitId = freshId();
const orgId = freshId();
const run = (subject: number): string => counterKey(limitId, 0, `run ${subject}`);

/** Usage as the spool has it, and how far the ledger has the spool. */
let written: { counter: string; amount: bigint }[];
let shipped: number;
let nowMs: number;
let store: ReturnType<typeof createMemoryStore>;

beforeEach(() => {
  [written, shipped, nowMs] = [[], 0, 1_000];
  store = createMemoryStore({ now: () => nowMs, position: () => written.length, most: MOST });
});

const entryOf = (counter: string, amount: bigint): HoldEntry => ({
  ...{ limitId, counter, amount, unit: "tokens", mode: "block", cap: CAP, resetsAtMs: null },
});

const usedIn = (counter: string, until: number): bigint =>
  written.slice(0, until).reduce((sum, use) => (use.counter === counter ? sum + use.amount : sum), 0n);

/** Reads a missing counter as a proxy does: from the ledger, and from the spool if the ledger lacks some of it. */
function read(counter: string): void {
  for (const key of store.missing(orgId, [{ counter }])) {
    const until = store.needsSpool(orgId, [key], shipped) ? written.length : shipped;
    store.fill(orgId, new Map([[key, usedIn(key, until)]]));
  }
}

function settle(id: string, counter: string, amount: bigint): void {
  written.push({ counter, amount });
  store.settle(id, orgId, { usd: null, tokens: amount });
}

function call(counter: string, amount: bigint): boolean {
  read(counter);
  const id = freshId();
  if (!store.hold(id, orgId, [entryOf(counter, amount)]).ok) return false;
  settle(id, counter, amount);
  return true;
}

/** The same numbers in each run. */
function randoms(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return (state >> 8) % below;
  };
}

test("however many subjects call and however far behind the ledger is, none exceeds its limit or is refused early", () => {
  const random = randoms(7);
  const open: { id: string; counter: string; amount: bigint }[] = [];
  const heldOf = (counter: string) =>
    open.reduce((sum, hold) => (hold.counter === counter ? sum + hold.amount : sum), 0n);
  let refused = 0;
  for (let step = 0; step < 20_000; step += 1) {
    const counter = run(random(60));
    const amount = BigInt(random(4));
    const isLetThrough = random(50) === 0;
    const used = usedIn(counter, written.length);
    const fits = used + heldOf(counter) < CAP && used + heldOf(counter) + amount <= CAP;
    const id = freshId();
    if (isLetThrough) store.letThrough(id, orgId, [entryOf(counter, amount)]);
    else {
      read(counter);
      expect(store.hold(id, orgId, [entryOf(counter, amount)]).ok).toBe(fits);
      refused += fits ? 0 : 1;
    }
    if (isLetThrough || fits) open.push({ id, counter, amount });
    while (open.length > random(12)) {
      const [ended] = open.splice(random(open.length), 1);
      if (ended) settle(ended.id, ended.counter, ended.amount);
    }
    if (random(50) === 0) shipped += random(written.length - shipped + 1);
    // So that new calls fit again.
    if (step % 900 === 0) {
      for (const ended of open.splice(0)) settle(ended.id, ended.counter, ended.amount);
      [written, shipped] = [[], 0];
      store = createMemoryStore({ now: () => nowMs, position: () => written.length, most: MOST });
    }
  }
  expect(refused).toBeGreaterThan(1_000);
});

test("a bounded number of counters stays in memory, and those with holds always do", () => {
  const held = freshId();
  store.hold(held, orgId, [entryOf(run(0), 3n)]);
  for (let subject = 1; subject <= 1_000; subject += 1) expect(call(run(subject), 1n)).toBe(true);
  const resident = Array.from({ length: 1_001 }, (_, subject) => run(subject)).filter(
    (counter) => store.missing(orgId, [{ counter }]).length === 0,
  );
  expect(resident.length).toBeLessThanOrEqual(MOST + 1);
  expect(store.read(orgId, [run(0)])).toEqual([{ committed: 0n, held: 3n }]);
});

test("a window that begins after the last eviction needs no reading", () => {
  for (let subject = 1; subject <= 100; subject += 1) call(run(subject), 1n);
  expect(store.missing(orgId, [{ counter: counterKey(limitId, 1_000, "a") }])).toHaveLength(1);
  expect(store.missing(orgId, [{ counter: counterKey(limitId, 1_001, "a") }])).toEqual([]);
});

test("while usage cannot be written to the spool, nothing is evicted", () => {
  let mayEvict = false;
  store = createMemoryStore({ now: () => nowMs, position: () => 0, most: MOST, mayEvict: () => mayEvict });
  for (let subject = 1; subject <= 100; subject += 1) call(run(subject), 1n);
  expect(store.read(orgId, [run(1)])).toEqual([{ committed: 1n, held: 0n }]);
  mayEvict = true;
  for (let subject = 101; subject <= 200; subject += 1) call(run(subject), 1n);
  expect(store.missing(orgId, [{ counter: run(1) }])).toEqual([run(1)]);
});

test("when the ledger was corrected, counters of limits that are read on demand are read again", () => {
  call(run(1), 5n);
  const held = freshId();
  store.hold(held, orgId, [entryOf(run(2), 3n)]);
  expect(store.heldOnDemand(orgId)).toEqual([]);
  store.correct(orgId, { committed: new Map([[run(2), 1n]]), revision: 1, onDemand: new Set([limitId]) });
  expect(store.missing(orgId, [{ counter: run(1) }, { counter: run(2) }])).toEqual([run(1)]);
  expect([store.heldOnDemand(orgId), store.read(orgId, [run(2)])]).toEqual([[run(2)], [{ committed: 1n, held: 3n }]]);
});
