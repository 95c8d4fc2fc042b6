import { LIMIT_WINDOWS, type LimitWindow } from "@tollgate/contracts/limit";
import type { Zones } from "@tollgate/contracts/zones";
import { type WindowBounds, windowOf } from "@tollgate/limits/window";
import { describe, expect, test } from "vitest";

const ms = (iso: string): number => Date.parse(iso);
const iso = ({ startMs, endMs }: WindowBounds) => [startMs, endMs ?? 0].map((at) => new Date(at).toISOString());

/** Zones that follow each other, each after the first with the instant from which it applies. */
const zones = (first: string, ...moves: [at: string, timeZone: string][]): Zones => {
  const names = [first, ...moves.map(([, timeZone]) => timeZone)];
  return {
    timeZone: names.at(-1) ?? first,
    formerZones: moves.map(([at], index) => ({ timeZone: names[index] ?? first, untilMs: ms(at) })),
  };
};

/** Consecutive windows, beginning with the one that contains the first instant. */
function windowsFrom(at: string, count: number, window: LimitWindow, of: Zones, anchorMs: number | null = null) {
  const found = [windowOf(ms(at), window, of, anchorMs)];
  while (found.length < count) found.push(windowOf(found.at(-1)?.endMs ?? 0, window, of, anchorMs));
  return found.map(iso);
}

describe("an organisation that moves from UTC", () => {
  test("to the east finishes its day, then has the rest of the day there", () => {
    const moved = zones("UTC", ["2026-05-05T10:00:00Z", "Asia/Tokyo"]);
    expect(windowsFrom("2026-05-05T10:00:00Z", 3, "day", moved)).toEqual([
      ["2026-05-05T00:00:00.000Z", "2026-05-06T00:00:00.000Z"],
      ["2026-05-06T00:00:00.000Z", "2026-05-06T15:00:00.000Z"],
      ["2026-05-06T15:00:00.000Z", "2026-05-07T15:00:00.000Z"],
    ]);
  });

  test("to the west finishes its day, then has the rest of the day there", () => {
    const moved = zones("UTC", ["2026-05-05T10:00:00Z", "America/Los_Angeles"]);
    expect(windowsFrom("2026-05-05T09:00:00Z", 3, "day", moved)).toEqual([
      ["2026-05-05T00:00:00.000Z", "2026-05-06T00:00:00.000Z"],
      ["2026-05-06T00:00:00.000Z", "2026-05-06T07:00:00.000Z"],
      ["2026-05-06T07:00:00.000Z", "2026-05-07T07:00:00.000Z"],
    ]);
  });

  test("changes its weeks, months and quarters when the current ones end", () => {
    const moved = zones("UTC", ["2026-05-05T10:00:00Z", "Asia/Kolkata"]);
    const second = (window: LimitWindow) => windowsFrom("2026-05-05T10:00:00Z", 2, window, moved)[1];
    expect(second("hour")).toEqual(["2026-05-05T11:00:00.000Z", "2026-05-05T11:30:00.000Z"]);
    expect(second("week")).toEqual(["2026-05-11T00:00:00.000Z", "2026-05-17T18:30:00.000Z"]);
    expect(second("month")).toEqual(["2026-06-01T00:00:00.000Z", "2026-06-30T18:30:00.000Z"]);
    expect(second("quarter")).toEqual(["2026-07-01T00:00:00.000Z", "2026-09-30T18:30:00.000Z"]);
  });

  test("and moves again before the day ends has no window of the zone in between", () => {
    const moved = zones("UTC", ["2026-05-05T10:00:00Z", "Asia/Tokyo"], ["2026-05-05T11:00:00Z", "Europe/Berlin"]);
    expect(windowsFrom("2026-05-05T12:00:00Z", 3, "day", moved)).toEqual([
      ["2026-05-05T00:00:00.000Z", "2026-05-06T00:00:00.000Z"],
      ["2026-05-06T00:00:00.000Z", "2026-05-06T22:00:00.000Z"],
      ["2026-05-06T22:00:00.000Z", "2026-05-07T22:00:00.000Z"],
    ]);
  });

  test("and back before the day ends keeps its windows", () => {
    const back = zones("UTC", ["2026-05-05T10:00:00Z", "Asia/Tokyo"], ["2026-05-05T11:00:00Z", "UTC"]);
    const stayed = zones("UTC");
    for (const window of ["day", "week", "month", "quarter"] as const)
      expect(windowsFrom("2026-05-04T12:00:00Z", 4, window, back)).toEqual(
        windowsFrom("2026-05-04T12:00:00Z", 4, window, stayed),
      );
  });

  test("on a day on which the clock goes forward there has the last hours of that day", () => {
    const moved = zones("UTC", ["2026-03-28T10:00:00Z", "Europe/Berlin"]);
    expect(windowsFrom("2026-03-28T10:00:00Z", 3, "day", moved)).toEqual([
      ["2026-03-28T00:00:00.000Z", "2026-03-29T00:00:00.000Z"],
      ["2026-03-29T00:00:00.000Z", "2026-03-29T22:00:00.000Z"],
      ["2026-03-29T22:00:00.000Z", "2026-03-30T22:00:00.000Z"],
    ]);
  });

  test("uses the new zone for anchored windows from the next window on", () => {
    const moved = zones("UTC", ["2026-05-05T10:00:00Z", "Europe/Berlin"]);
    const anchorMs = ms("2026-01-31T09:00:00Z");
    // 09:00 UTC in January is 10:00 in Berlin, which is 08:00 UTC in summer.
    expect(windowsFrom("2026-05-05T10:00:00Z", 3, "month", moved, anchorMs)).toEqual([
      ["2026-04-30T09:00:00.000Z", "2026-05-31T09:00:00.000Z"],
      ["2026-05-31T09:00:00.000Z", "2026-06-30T08:00:00.000Z"],
      ["2026-06-30T08:00:00.000Z", "2026-07-31T08:00:00.000Z"],
    ]);
  });
});

test("minutes and totals do not depend on the zone", () => {
  const moved = zones("UTC", ["2026-05-05T10:00:30Z", "Asia/Kathmandu"]);
  expect(windowsFrom("2026-05-05T10:00:40Z", 2, "minute", moved)).toEqual([
    ["2026-05-05T10:00:00.000Z", "2026-05-05T10:01:00.000Z"],
    ["2026-05-05T10:01:00.000Z", "2026-05-05T10:02:00.000Z"],
  ]);
  expect(windowOf(ms("2026-05-05T10:00:40Z"), "total", moved, null)).toEqual({ startMs: 0, endMs: null });
});

/** A seeded sequence of numbers in `[0, 1)`. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const LENGTH_MS = { hour: 36e5, day: 864e5, week: 6048e5, month: 2592e6, quarter: 7776e6 };
type Calendar = keyof typeof LENGTH_MS;
const CALENDAR = LIMIT_WINDOWS.filter((window): window is Calendar => window in LENGTH_MS);
const NAMES = Intl.supportedValuesOf("timeZone");
const FROM_MS = ms("2026-02-20T00:00:00Z");

/** Random changes of zone within six windows. */
function someMoves(random: () => number, window: Calendar) {
  const count = 1 + Math.floor(random() * 5);
  const instants = Array.from({ length: count }, () => FROM_MS + Math.floor(random() * 6 * LENGTH_MS[window])).sort(
    (a, b) => a - b,
  );
  const names = [...instants, 0].map(() => NAMES[Math.floor(random() * NAMES.length)] ?? "UTC");
  const formerZones = instants.map((untilMs, index) => ({ timeZone: names[index] ?? "UTC", untilMs }));
  return { timeZone: names.at(-1) ?? "UTC", formerZones };
}

/** Consecutive windows. Each belongs to the zone that applied just before it began. */
function* oneByOne(
  { timeZone, formerZones }: Zones,
  window: Calendar,
  anchorMs: number | null,
): Generator<WindowBounds> {
  const inZoneBefore = (atMs: number): string =>
    formerZones.find(({ untilMs }) => atMs <= untilMs)?.timeZone ?? timeZone;
  const alone = (atMs: number, name: string) => windowOf(atMs, window, { timeZone: name, formerZones: [] }, anchorMs);
  let { startMs } = alone(FROM_MS, formerZones[0]?.timeZone ?? timeZone);
  for (;;) {
    const { endMs } = alone(startMs, inZoneBefore(startMs));
    yield { startMs, endMs };
    startMs = endMs ?? 0;
  }
}

describe.each(CALENDAR)("after any changes of zone, each %s", (window) => {
  test.each([
    ["of the calendar", null],
    ["from an anchor", ms("2025-12-31T22:15:00Z")],
  ])("%s starts at the end of the one before, and contains each of its instants", (_, anchorMs) => {
    const random = numbers(7);
    for (let round = 0; round < 60; round += 1) {
      const moved = someMoves(random, window);
      for (const expected of oneByOne(moved, window, anchorMs).take(10)) {
        const { startMs, endMs } = expected;
        const inside = [startMs, Math.floor((startMs + (endMs ?? 0)) / 2), (endMs ?? 0) - 1];
        for (const atMs of inside) expect([moved, windowOf(atMs, window, moved, anchorMs)]).toEqual([moved, expected]);
      }
    }
  });

  test("that has begun is unchanged by a further change of zone", () => {
    const random = numbers(11);
    for (let round = 0; round < 60; round += 1) {
      const before = someMoves(random, window);
      const lastMs = before.formerZones.at(-1)?.untilMs ?? FROM_MS;
      const untilMs = lastMs + Math.floor(random() * 3 * LENGTH_MS[window]);
      const after: Zones = {
        timeZone: NAMES[Math.floor(random() * NAMES.length)] ?? "UTC",
        formerZones: [...before.formerZones, { timeZone: before.timeZone, untilMs }],
      };
      for (let back = 0; back < 10; back += 1) {
        const atMs = untilMs - Math.floor(random() * back * LENGTH_MS[window]);
        expect(windowOf(atMs, window, after, null)).toEqual(windowOf(atMs, window, before, null));
      }
    }
  });
});
