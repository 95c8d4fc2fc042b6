import { describe, expect, it } from "vitest";
import { toCsv } from "../src/lib/csv.ts";

describe("CSV", () => {
  it.each(["=HYPERLINK(1)", "+1", "-1", "@SUM(A1)", "\tx", "\rx"])("cannot run %j as a formula", (text) => {
    expect(toCsv([[text]]).replace(/^"/, "")).toMatch(/^'/);
  });

  it("quotes what would break a row, and doubles quotes", () => {
    expect(toCsv([["a,b", 'say "hi"', "two\nlines"]])).toBe('"a,b","say ""hi""","two\nlines"\r\n');
  });

  it("leaves numbers and plain text as they are", () => {
    expect(toCsv([["model", 12, "0.000000001"]])).toBe("model,12,0.000000001\r\n");
  });

  it("keeps every digit of an amount, a negative one too", () => {
    expect(toCsv([[{ decimal: "-0.000000001" }, { decimal: "12" }]])).toBe("-0.000000001,12\r\n");
  });
});
