import { describe, expect, it } from "vitest";
import { toCsv } from "../src/lib/csv.ts";

describe("CSV", () => {
  it.each(["=HYPERLINK(1)", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "  =1+1", "＝1+1"])(
    "cannot run %j as a formula",
    (text) => {
      expect(toCsv([[text]]).replace(/^"/, "")).toMatch(/^'/);
    },
  );

  it.each([
    ["a;=1+1", `"a;'=1+1"`],
    ["a; @SUM(A1)", `"a;' @SUM(A1)"`],
    ["a\t+1", `"a\t'+1"`],
    ["a\n-1", `"a\n'-1"`],
    ["a;b", '"a;b"'],
  ])("cannot run %j in a spreadsheet with another separator", (text, written) => {
    expect(toCsv([[text]])).toBe(`${written}\r\n`);
  });

  it.each([
    ["a\0b", "a\ufffdb"],
    ["\0=1+1", "\ufffd=1+1"],
    ["a\x1b[2Jb\x7f", "a\ufffd[2Jb\ufffd"],
    ["a\ud800b", "a\ufffdb"],
  ])("marks forbidden characters in %j", (text, written) => {
    expect(toCsv([[text]])).toBe(`${written}\r\n`);
  });

  it("quotes what would break a row, and doubles quotes", () => {
    expect(toCsv([["a,b", 'say "hi"', "two\nlines"]])).toBe('"a,b","say ""hi""","two\nlines"\r\n');
  });

  it("does not change numbers and plain text", () => {
    expect(toCsv([["model", 12, "0.000000001"]])).toBe("model,12,0.000000001\r\n");
  });

  it("keeps every digit of an amount, also of a negative one", () => {
    expect(toCsv([[{ decimal: "-0.000000001" }, { decimal: "12" }]])).toBe("-0.000000001,12\r\n");
  });
});
