import { describe, expect, it } from "vitest";
import { formatUsd, formatUsdShort } from "../src/lib/format-money.ts";

describe("money in full", () => {
  it.each([
    ["0", "$0.00"],
    ["0.000125", "$0.000125"],
    ["0.000000001", "$0.000000001"],
    ["12.5", "$12.50"],
    ["1234567.891234567", "$1,234,567.891234567"],
    ["-3.2", "−$3.20"],
  ])("%s is %s", (usd, shown) => expect(formatUsd(usd)).toBe(shown));
});

describe("money in short", () => {
  it.each([
    ["0", "$0.00"],
    ["0.000000001", "$0.000000001"],
    ["0.00012549", "$0.000125"],
    ["0.8104", "$0.81"],
    ["0.9996", "$1.00"],
    ["1.005", "$1.01"],
    ["999.999", "$1,000.00"],
    ["6.15961555", "$6.16"],
  ])("%s is %s", (usd, shown) => expect(formatUsdShort(usd)).toBe(shown));
});
