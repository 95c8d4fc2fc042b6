import type { LimitWindow } from "@tollgate/contracts/limit";
import type { Zones } from "@tollgate/contracts/zones";
import { windowOf } from "@tollgate/limits/window";
import { describe, expect, test } from "vitest";

const ms = (iso: string): number => Date.parse(iso);
const HOUR = 3_600_000;

const inZone = (timeZone: string): Zones => ({ timeZone, formerZones: [] });
const UTC = inZone("UTC");

const bounds = (at: string, window: LimitWindow, zone: string, anchor: string | null = null) => {
  const { startMs, endMs } = windowOf(ms(at), window, inZone(zone), anchor === null ? null : ms(anchor));
  return [new Date(startMs).toISOString(), endMs === null ? null : new Date(endMs).toISOString()];
};

describe("calendar windows", () => {
  test.each<[LimitWindow, string, string, string, string]>([
    ["minute", "UTC", "2026-03-05T10:20:30.400Z", "2026-03-05T10:20:00.000Z", "2026-03-05T10:21:00.000Z"],
    ["hour", "UTC", "2026-03-05T10:20:30Z", "2026-03-05T10:00:00.000Z", "2026-03-05T11:00:00.000Z"],
    ["hour", "Asia/Kolkata", "2026-03-05T10:20:30Z", "2026-03-05T09:30:00.000Z", "2026-03-05T10:30:00.000Z"],
    ["day", "America/New_York", "2026-03-05T03:00:00Z", "2026-03-04T05:00:00.000Z", "2026-03-05T05:00:00.000Z"],
    ["week", "Europe/Berlin", "2026-03-08T22:59:59Z", "2026-03-01T23:00:00.000Z", "2026-03-08T23:00:00.000Z"],
    ["month", "UTC", "2028-02-29T23:59:59Z", "2028-02-01T00:00:00.000Z", "2028-03-01T00:00:00.000Z"],
    ["month", "Pacific/Auckland", "2026-01-31T12:00:00Z", "2026-01-31T11:00:00.000Z", "2026-02-28T11:00:00.000Z"],
    ["quarter", "UTC", "2026-12-31T23:59:59Z", "2026-10-01T00:00:00.000Z", "2027-01-01T00:00:00.000Z"],
  ])("a %s in %s", (window, zone, at, start, end) => {
    expect(bounds(at, window, zone)).toEqual([start, end]);
  });

  test("the start belongs to the window, the end does not", () => {
    const { startMs, endMs } = windowOf(ms("2026-05-05T00:00:00Z"), "day", UTC, null);
    expect(windowOf(startMs, "day", UTC, null).startMs).toBe(startMs);
    expect(windowOf(startMs - 1, "day", UTC, null).endMs).toBe(startMs);
    expect(windowOf(endMs ?? 0, "day", UTC, null).startMs).toBe(endMs);
  });

  test("a day has 23 hours when clocks go forward and 25 when they go back", () => {
    const length = (at: string): number => {
      const { startMs, endMs } = windowOf(ms(at), "day", inZone("Europe/Berlin"), null);
      return ((endMs ?? 0) - startMs) / HOUR;
    };
    expect(length("2026-03-29T12:00:00Z")).toBe(23);
    expect(length("2026-10-25T12:00:00Z")).toBe(25);
    expect(length("2026-10-26T12:00:00Z")).toBe(24);
  });

  test("an hour that occurs twice is two windows", () => {
    expect(bounds("2026-10-25T00:30:00Z", "hour", "Europe/Berlin")[0]).toBe("2026-10-25T00:00:00.000Z");
    expect(bounds("2026-10-25T01:30:00Z", "hour", "Europe/Berlin")[0]).toBe("2026-10-25T01:00:00.000Z");
  });

  test("a day without midnight starts at its first instant", () => {
    expect(bounds("2026-04-24T12:00:00Z", "day", "Africa/Cairo")[0]).toBe("2026-04-23T22:00:00.000Z");
    expect(bounds("2025-09-07T12:00:00Z", "day", "America/Santiago")[0]).toBe("2025-09-07T04:00:00.000Z");
  });

  test("windows of every zone have no gap and no overlap", () => {
    for (const name of Intl.supportedValuesOf("timeZone")) {
      const zone = inZone(name);
      for (const window of ["day", "week", "month", "quarter"] as const) {
        let current = windowOf(ms("2026-01-01T12:00:00Z"), window, zone, null);
        for (let step = 0; step < (window === "day" ? 40 : 8); step += 1) {
          const next = windowOf(current.endMs ?? 0, window, zone, null);
          expect([name, next.startMs]).toEqual([name, current.endMs]);
          expect(windowOf((next.endMs ?? 0) - 1, window, zone, null)).toEqual(next);
          current = next;
        }
      }
    }
  });

  test("hours have no gap and no overlap when the clock moves by half an hour", () => {
    const zone = inZone("Australia/Lord_Howe");
    let current = windowOf(ms("2026-04-04T10:00:00Z"), "hour", zone, null);
    for (let step = 0; step < 30; step += 1) {
      const next = windowOf(current.endMs ?? 0, "hour", zone, null);
      expect(next.startMs).toBe(current.endMs);
      expect((next.endMs ?? 0) - next.startMs).toBeLessThanOrEqual(HOUR);
      current = next;
    }
  });
});

describe("anchored windows", () => {
  test.each<[LimitWindow, string, string, string, string]>([
    ["month", "2026-01-31T09:00:00Z", "2026-02-28T08:59:59Z", "2026-01-31T09:00:00.000Z", "2026-02-28T09:00:00.000Z"],
    ["month", "2026-01-31T09:00:00Z", "2026-03-30T00:00:00Z", "2026-02-28T09:00:00.000Z", "2026-03-31T09:00:00.000Z"],
    ["month", "2024-02-29T00:00:00Z", "2028-02-29T00:00:00Z", "2028-02-29T00:00:00.000Z", "2028-03-29T00:00:00.000Z"],
    ["quarter", "2025-11-30T00:00:00Z", "2026-03-01T00:00:00Z", "2026-02-28T00:00:00.000Z", "2026-05-30T00:00:00.000Z"],
    ["week", "2026-01-07T12:00:00Z", "2026-01-20T00:00:00Z", "2026-01-14T12:00:00.000Z", "2026-01-21T12:00:00.000Z"],
    ["minute", "2026-01-01T00:00:30Z", "2026-01-01T00:02:00Z", "2026-01-01T00:01:30.000Z", "2026-01-01T00:02:30.000Z"],
    ["day", "2026-01-05T12:00:00Z", "2026-01-03T13:00:00Z", "2026-01-03T12:00:00.000Z", "2026-01-04T12:00:00.000Z"],
  ])("a %s counted from %s", (window, anchor, at, start, end) => {
    expect(bounds(at, window, "UTC", anchor)).toEqual([start, end]);
  });

  test("a day starts at the same clock time before and after a clock change", () => {
    expect(bounds("2026-03-29T12:00:00Z", "day", "Europe/Berlin", "2026-03-01T08:00:00Z")).toEqual([
      "2026-03-29T07:00:00.000Z",
      "2026-03-30T07:00:00.000Z",
    ]);
  });
});

test("a total never ends, and starts at its anchor", () => {
  expect(windowOf(5, "total", UTC, null)).toEqual({ startMs: 0, endMs: null });
  expect(windowOf(5, "total", UTC, 3)).toEqual({ startMs: 3, endMs: null });
});
