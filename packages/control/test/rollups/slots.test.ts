import { piecesOf } from "@tollgate/control/rollups/pieces";
import { hourSlotStart, SLOT_MS, slotStart, slotsOf } from "@tollgate/control/rollups/slots";
import { SPANS, type Span, startsOf } from "@tollgate/control/rollups/spans";
import { expect, test } from "vitest";

const at = (text: string): number => Date.parse(text);
const hours = (slots: number[], toMs: number): number[] =>
  slots.map((ms, index) => ((slots[index + 1] ?? toMs) - ms) / SLOT_MS.hour);

test("a local day has 23 hours in spring and 25 in autumn", () => {
  const spring = { fromMs: at("2026-03-27T23:00Z"), toMs: at("2026-03-30T22:00Z") };
  expect(hours(slotsOf(spring, "day", "Europe/Berlin"), spring.toMs)).toEqual([24, 23, 24]);
  const autumn = { fromMs: at("2026-10-23T22:00Z"), toMs: at("2026-10-26T23:00Z") };
  expect(hours(slotsOf(autumn, "day", "Europe/Berlin"), autumn.toMs)).toEqual([24, 25, 24]);
});

test("hours start at the full local hour for every offset, also across a clock change", () => {
  expect(slotStart(at("2026-06-01T12:10Z"), "hour", "Asia/Kolkata")).toBe(at("2026-06-01T11:30Z"));
  const fold = { fromMs: at("2026-10-25T00:00Z"), toMs: at("2026-10-25T04:00Z") };
  expect(hours(slotsOf(fold, "hour", "Europe/Berlin"), fold.toMs)).toEqual([1, 1, 1, 1]);
});

test("a range that starts inside a slot has a short first one", () => {
  const range = { fromMs: at("2026-06-01T10:20Z"), toMs: at("2026-06-01T12:00Z") };
  expect(slotsOf(range, "hour", "UTC")).toEqual([range.fromMs, at("2026-06-01T11:00Z")]);
});

test.each([
  ["UTC", "2026-01-01T00:00Z", "2026-03-01T00:00Z"],
  ["Europe/Berlin", "2026-03-01T11:17Z", "2026-04-12T05:41Z"],
  ["Asia/Kathmandu", "2026-03-01T18:15Z", "2026-03-09T03:02Z"],
])("days in %s are covered by roll-ups exactly once, without crossing a bound", (zone, from, to) => {
  const range = { fromMs: at(from), toMs: at(to) };
  const bounds = [...slotsOf(range, "day", zone), range.toMs];
  const pieces = piecesOf(bounds);
  const rows = (["minute", "hour", "day"] as const).flatMap((interval) =>
    pieces[interval].flatMap(({ fromMs, toMs }) => {
      const starts: [number, number][] = [];
      for (let ms = fromMs; ms < toMs; ms += SLOT_MS[interval]) starts.push([ms, ms + SLOT_MS[interval]]);
      return starts;
    }),
  );
  rows.sort(([a], [b]) => a - b);
  expect(rows[0]?.[0]).toBe(range.fromMs);
  expect(rows.at(-1)?.[1]).toBe(range.toMs);
  for (const [index, [start]] of rows.slice(1).entries()) expect(start).toBe(rows[index]?.[1]);
  for (const [start, end] of rows) expect(bounds.filter((bound) => bound > start && bound < end)).toEqual([]);
});

test("hours are read if there is no daily roll-up", () => {
  const [from, to] = [at("2026-01-01T00:30Z"), at("2026-01-03T00:00Z")];
  expect(piecesOf([from, to], { spans: ["hour"] })).toMatchObject({
    minute: [{ slot: 0, sign: 1, fromMs: from, toMs: at("2026-01-01T01:00Z") }],
    hour: [{ slot: 0, sign: 1, fromMs: at("2026-01-01T01:00Z"), toMs: to }],
    day: [],
  });
});

test("whole UTC days are read only from the daily roll-up", () => {
  const pieces = piecesOf([at("2026-01-01T00:00Z"), at("2026-01-02T00:00Z"), at("2026-02-01T00:00Z")]);
  expect(pieces).toEqual({
    minute: [],
    hour: [],
    total: [],
    month: [],
    day: [
      { slot: 0, sign: 1, fromMs: at("2026-01-01T00:00Z"), toMs: at("2026-01-02T00:00Z") },
      { slot: 1, sign: 1, fromMs: at("2026-01-02T00:00Z"), toMs: at("2026-02-01T00:00Z") },
    ],
  });
});

test("thirty days until now are the month so far and a few days", () => {
  const range = [at("2026-10-29T00:00Z"), at("2026-11-28T11:00Z")];
  const openMs = at("2026-11-28T00:00Z");
  const spans = ["hour", "total", "month"] as const;
  const { month, total, hour } = piecesOf(range, { spans, totals: { openMs, stale: new Set() }, subtract: true });
  expect(month).toEqual([{ slot: 0, sign: 1, fromMs: at("2026-11-01T00:00Z"), toMs: openMs }]);
  expect(total).toEqual([{ slot: 0, sign: 1, fromMs: range[0], toMs: at("2026-11-01T00:00Z") }]);
  expect(hour).toEqual([{ slot: 0, sign: 1, fromMs: openMs, toMs: range[1] }]);
});

test("days of every time zone begin where a slot of the hourly roll-ups begins, in every week of two years", () => {
  const within = Intl.supportedValuesOf("timeZone").filter((zone) =>
    Array.from({ length: 104 }, (_, week) => at("2026-01-01T00:00Z") + week * 7 * SLOT_MS.day)
      .map((ms) => slotStart(ms, "day", zone))
      .some((ms) => hourSlotStart(ms) !== ms),
  );
  expect(within).toEqual([]);
});

test("days without minutes are read from whole slots of the hourly and daily roll-ups", () => {
  const range = { fromMs: at("2026-03-01T18:15Z"), toMs: at("2026-03-09T18:15Z") };
  const kept = { minuteMs: at("2026-03-08T00:00Z"), hourMs: at("2026-03-03T00:00Z") };
  const { minute, hour, day } = piecesOf([...slotsOf(range, "day", "Asia/Kathmandu"), range.toMs], { kept });
  expect(minute).toEqual([
    { slot: 6, sign: 1, fromMs: at("2026-03-08T18:00Z"), toMs: at("2026-03-08T18:15Z") },
    { slot: 7, sign: 1, fromMs: at("2026-03-08T18:15Z"), toMs: at("2026-03-08T19:00Z") },
    { slot: 7, sign: 1, fromMs: at("2026-03-09T18:00Z"), toMs: at("2026-03-09T18:15Z") },
  ]);
  expect(hour.filter(({ fromMs, toMs }) => hourSlotStart(fromMs) !== fromMs || hourSlotStart(toMs) !== toMs)).toEqual(
    [],
  );
  // Before the hours, a local day is the UTC day that it shares most of its hours with.
  expect(day[0]).toEqual({ slot: 0, sign: 1, fromMs: at("2026-03-02T00:00Z"), toMs: at("2026-03-03T00:00Z") });
});

/** No totals of the last days, and of one in between. */
const totals = { openMs: at("2026-11-27T00:00Z"), stale: new Set([at("2026-07-04T00:00Z")]) };

test.each(
  ["UTC", "America/St_Johns", "Asia/Kathmandu", "Pacific/Auckland"].flatMap((zone) =>
    [SPANS, ["hour", "total", "month"], ["hour", "day", "total"]].map((spans) => [zone, spans as Span[]] as const),
  ),
)(
  "pieces that are added and subtracted cover every slot of %s exactly once, with few reads, with %j",
  (zone, spans) => {
    const range = { fromMs: at("2025-11-28T10:20Z"), toMs: at("2026-11-28T03:41Z") };
    const kept = { minuteMs: at("2026-11-26T00:00Z"), hourMs: at("2025-10-01T00:00Z") };
    for (const slots of [[hourSlotStart(range.fromMs)], slotsOf(range, "day", zone, kept.minuteMs)]) {
      const bounds = [...slots, range.toMs].map((ms) => (ms < kept.minuteMs ? hourSlotStart(ms) : ms));
      const pieces = piecesOf(bounds, { spans: [...spans], kept, totals, subtract: true });
      // The number of times that the slot is covered at an instant changes only where a piece begins or ends.
      const changes = SPANS.flatMap((span) =>
        pieces[span].flatMap(({ slot, sign, fromMs, toMs }) => [
          { slot, ms: fromMs, by: sign },
          { slot, ms: toMs, by: -sign },
        ]),
      );
      for (const [slot, own] of Map.groupBy(changes, (each) => each.slot)) {
        const at = Map.groupBy(own, ({ ms }) => ms);
        const kinks = [...at].map(([ms, all]) => [ms, all.reduce((sum, { by }) => sum + by, 0)] as const);
        expect(kinks.filter(([, by]) => by !== 0).toSorted(([a], [b]) => a - b)).toEqual([
          [bounds[slot], 1],
          [bounds[slot + 1], -1],
        ]);
      }
      const reads = SPANS.flatMap((span) => pieces[span].flatMap(({ fromMs, toMs }) => startsOf(span, fromMs, toMs)));
      // A day is read with the few hours at its ends, a year with its months, and the few days and hours at its ends.
      const most = slots.length * (2 * 12 + 1) + 220 + (spans.includes("month") ? 0 : 365);
      expect(reads.length).toBeLessThan(most);
      const days = (["total", "month"] as const).flatMap((span) =>
        pieces[span].flatMap(({ sign, fromMs, toMs }) => startsOf("total", fromMs, toMs).map((ms) => ({ ms, sign }))),
      );
      // A stale day's total is subtracted as often as its month adds it.
      const ofStale = days.filter(({ ms }) => totals.stale.has(ms));
      expect(ofStale.reduce((sum, { sign }) => sum + sign, 0)).toBe(0);
      expect(Math.max(...days.map(({ ms }) => ms))).toBe(totals.openMs - SLOT_MS.day);
    }
  },
);
