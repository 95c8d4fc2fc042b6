import { uuidFloor, uuidTimeMs, uuidV7 } from "@tollgate/contracts/ids";
import { DEADLINE_MS, type Slice, type Walk, walkBack } from "@tollgate/control/reports/search-walk";
import { describe, expect, test } from "vitest";

const [HOUR, DAY] = [3_600_000, 86_400_000];
const NOW = Date.parse("2026-11-22T15:30:00Z");

/** A ledger whose reads advance a separate clock. */
function ledger(times: readonly number[], costMs: (slice: Slice, found: number) => number) {
  const ids = times.map((atMs) => uuidV7(atMs)).sort();
  const slices: Slice[] = [];
  let clockMs = 0;
  const walk: Walk = {
    before: uuidFloor(NOW + DAY),
    nowMs: NOW,
    fromMs: NOW - 30 * DAY,
    wanted: 51,
    elapsedMs: () => clockMs,
    async read(slice) {
      slices.push(slice);
      const found = ids.filter((id) => id >= slice.since && id < slice.before).toReversed();
      const tookMs = costMs(slice, found.length);
      clockMs += Math.min(tookMs, slice.withinMs);
      return tookMs > slice.withinMs ? null : found.slice(0, slice.wanted);
    },
  };
  const restart = (): void => {
    clockMs = 0;
  };
  return { ids, slices, walk, restart };
}

/** Every page of a search, as a client follows the cursor. */
async function follow({ ids, walk, restart }: ReturnType<typeof ledger>, pagesMax = 10_000) {
  const seen: string[] = [];
  let pages = 0;
  for (let before: string | null = walk.before; before !== null; pages += 1) {
    if (pages === pagesMax) throw new Error("the search does not end");
    restart();
    const { ids: found, stopped } = await walkBack({ ...walk, before });
    seen.push(...found);
    const last = found.length === walk.wanted ? (found.at(-1) ?? null) : null;
    before = stopped?.before ?? last;
  }
  expect(seen).toEqual(ids.toReversed());
  return pages;
}

describe("a walk through the ledger", () => {
  test("reads newest first, without a gap or an overlap, and in few steps if there is little to read", async () => {
    const { slices, walk } = ledger([], () => 1);
    expect(await walkBack(walk)).toEqual({ ids: [], stopped: null });
    expect(slices[0]).toMatchObject({ before: walk.before, since: uuidFloor(NOW - HOUR) });
    expect(slices.at(-1)?.since).toBe(uuidFloor(walk.fromMs));
    for (const [index, { before }] of slices.entries()) {
      if (index > 0) expect(before).toBe(slices[index - 1]?.since);
    }
    expect(slices.length).toBeLessThan(8);
  });

  test("stops when it has enough rows", async () => {
    const { ids, slices, walk } = ledger(
      [1, 2, 3, 4].map((n) => NOW - n * 1_000),
      () => 1,
    );
    expect(await walkBack({ ...walk, wanted: 3 })).toEqual({
      ids: ids.toReversed().slice(0, 3),
      stopped: null,
    });
    expect(slices).toHaveLength(1);
  });

  test("reports how far back it has searched when its time is over, or earlier if it has rows", async () => {
    const empty = ledger([], () => 40);
    const { stopped } = await walkBack({ ...empty.walk, fromMs: 0 });
    expect(stopped?.before).toBe(empty.slices.at(-1)?.since);
    expect(stopped?.atMs).toBe(uuidTimeMs(stopped?.before ?? ""));
    expect(empty.slices).toHaveLength(DEADLINE_MS.withoutRows / 40);
    const some = ledger([NOW - 1], () => 40);
    expect((await walkBack(some.walk)).ids).toEqual(some.ids);
    expect(some.slices.length).toBeLessThan(empty.slices.length);
  });

  test("takes shorter slices where there are many rows, and keeps to its time", async () => {
    // A million rows an hour, of which a millisecond reads a thousand: an hour takes a second.
    const dense = ledger([], ({ since, before }) => (Math.min(uuidTimeMs(before), NOW) - uuidTimeMs(since)) / 3_600);
    const { stopped } = await walkBack(dense.walk);
    expect(stopped?.atMs).toBeLessThan(NOW);
    expect(dense.walk.elapsedMs()).toBeLessThan(1_000);
  });

  test("finds every row exactly once over all pages, for any duration of the slices", async () => {
    const times = Array.from({ length: 400 }, (_, n) => NOW - ((n * 7919 * 997) % (30 * DAY)));
    for (const cost of [0, 1, 20, 40, 90]) {
      const costMs = ({ since }: Slice) => (uuidTimeMs(since) % 3 === 0 ? cost * 2 : cost);
      expect(await follow(ledger(times, costMs))).toBeGreaterThan(7);
    }
  });

  test("finds rows of the same millisecond on different pages", async () => {
    const same = ledger(
      Array.from({ length: 10 }, () => NOW - 30 * DAY),
      () => 1,
    );
    expect(await follow({ ...same, walk: { ...same.walk, wanted: 3 } })).toBe(4);
  });

  test("answers without progress when nothing can be read at all", async () => {
    const { walk } = ledger([], () => Number.POSITIVE_INFINITY);
    expect(await walkBack(walk)).toEqual({ ids: [], stopped: { before: walk.before, atMs: NOW } });
  });
});
