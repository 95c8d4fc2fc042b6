import { monthAt, monthNamed, monthsSince } from "@tollgate/control/ledger/months";
import { expect, test } from "vitest";

const at = (text: string): number => Date.parse(text);
const iso = (ms: number): string => new Date(ms).toISOString();

test("a month is a calendar month in the organisation's time zone", () => {
  const { month, fromMs, toMs } = monthAt(at("2026-10-31T23:30:00Z"), "Europe/Berlin");
  expect([month, iso(fromMs), iso(toMs)]).toEqual(["2026-11", "2026-10-31T23:00:00.000Z", "2026-11-30T23:00:00.000Z"]);
  expect(monthAt(at("2026-10-31T23:30:00Z"), "UTC").month).toBe("2026-10");
});

test.each(["UTC", "Europe/Berlin", "Asia/Kathmandu", "Pacific/Kiritimati", "America/New_York"])(
  "in %s a month is found by its name",
  (timeZone) => {
    for (const month of ["2026-01", "2026-02", "2026-03", "2026-10", "2026-11", "2026-12"])
      expect(monthNamed(month, timeZone)).toEqual(monthAt(monthNamed(month, timeZone).fromMs, timeZone));
    expect(monthNamed("2026-11", timeZone).toMs).toBe(monthNamed("2026-12", timeZone).fromMs);
  },
);

test("months follow each other without gaps to the current one", () => {
  const months = monthsSince(at("2026-08-31T22:00:00Z"), at("2026-11-05T00:00:00Z"), "Europe/Berlin");
  expect(months.map(({ month }) => month)).toEqual(["2026-09", "2026-10", "2026-11"]);
  for (const [index, { toMs }] of months.slice(0, -1).entries()) expect(months[index + 1]?.fromMs).toBe(toMs);
});

test.each([
  ["Europe/Berlin", "America/New_York"],
  ["America/New_York", "Europe/Berlin"],
  ["Pacific/Kiritimati", "Pacific/Honolulu"],
])("after a change from %s to %s no month is doubled or missing", (before, after) => {
  const { toMs } = monthNamed("2026-10", before);
  const months = monthsSince(toMs, at("2026-12-20T00:00:00Z"), after);
  expect(months.map(({ month }) => month)).toEqual(["2026-11", "2026-12"]);
  expect(months[0]).toMatchObject({ fromMs: toMs, toMs: monthNamed("2026-12", after).fromMs });
});
