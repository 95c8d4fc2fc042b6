import { nanoFromFloat, parseUsd, usdString } from "@tollgate/contracts/money";
import { expect, test } from "vitest";

test.each([
  ["0", 0n],
  ["1", 1_000_000_000n],
  ["0.01", 10_000_000n],
  ["12.000000001", 12_000_000_001n],
  [" 7.5 ", 7_500_000_000n],
  ["999999999999999999", 999_999_999_999_999_999_000_000_000n],
])("%s dollars are %s nano-dollars, and read back the same", (text, nano) => {
  expect(parseUsd(text)).toBe(nano);
  expect(parseUsd(usdString(nano))).toBe(nano);
});

test.each(["", "-1", "1,5", "1e3", "٣", "Infinity", "NaN", "0x10", "1.0000000001", ".5", "5.", "1 000"])(
  "%j is not an amount",
  (text) => {
    expect(parseUsd(text)).toBeNull();
  },
);

test("a float cost is rounded to the nearest nano-dollar", () => {
  expect(nanoFromFloat(0.1 + 0.2)).toBe(300_000_000n);
  expect(nanoFromFloat(1.5e-9)).toBe(2n);
  expect(nanoFromFloat(Number.NaN)).toBeNull();
  expect(nanoFromFloat(Number.POSITIVE_INFINITY)).toBeNull();
});

test("trailing zeros are removed and a sign is kept", () => {
  expect(usdString(1_250_000_000n)).toBe("1.25");
  expect(usdString(0n)).toBe("0");
  expect(usdString(-1n)).toBe("-0.000000001");
});
