import { expect, test } from "vitest";
import { endOfDay, formatUntil } from "../src/lib/zoned-day.ts";

test.each([
  ["2026-11-30", "UTC", "2026-12-01T00:00:00.000Z"],
  ["2026-11-30", "Asia/Kolkata", "2026-11-30T18:30:00.000Z"],
  ["2026-11-30", "America/New_York", "2026-12-01T05:00:00.000Z"],
  ["2026-10-24", "Europe/Berlin", "2026-10-24T22:00:00.000Z"],
  ["2026-10-25", "Europe/Berlin", "2026-10-25T23:00:00.000Z"],
  ["2026-03-29", "Europe/Berlin", "2026-03-29T22:00:00.000Z"],
])("%s ends in %s at %s", (day, timeZone, end) => {
  expect(endOfDay(day, timeZone)).toBe(end);
});

test.each(["", "soon", "2026-13-45"])("%j is not a day", (day) => {
  expect(endOfDay(day, "UTC")).toBeNull();
});

test.each([
  ["2026-12-01T00:00:00.000Z", "UTC", "30 Nov"],
  ["2026-11-30T18:30:00.000Z", "Asia/Kolkata", "30 Nov"],
  ["2026-11-30T18:30:00.000Z", "UTC", "30 Nov, 18:30"],
  ["2027-01-01T00:00:00.000Z", "UTC", "31 Dec"],
  ["2027-01-02T00:00:00.000Z", "UTC", "1 Jan 2027"],
])("%s in %s is until %s", (iso, timeZone, text) => {
  expect(formatUntil(iso, timeZone, Date.parse("2026-11-22T12:00:00Z"))).toBe(text);
});
