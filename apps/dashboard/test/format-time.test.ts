import { describe, expect, it } from "vitest";
import { formatExact, formatRelative } from "../src/lib/format-time.ts";

const NOW = Date.parse("2026-11-22T12:00:00Z");

describe("relative time", () => {
  it.each([
    ["2026-11-22T11:59:58Z", "now"],
    ["2026-11-22T11:59:20Z", "40s ago"],
    ["2026-11-22T10:00:01Z", "1h ago"],
    ["2026-11-30T12:00:00Z", "in 8d"],
  ])("%s is %s", (iso, shown) => expect(formatRelative(iso, NOW)).toBe(shown));
});

it("writes an instant in the organisation's time zone", () => {
  expect(formatExact("2026-11-22T23:30:00.250Z", "Asia/Tokyo")).toBe("Nov 23, 2026, 08:30:00.250 GMT+9");
});
