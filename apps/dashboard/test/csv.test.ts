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
  ])("runs nothing of %j in a spreadsheet that separates by another sign", (text, written) => {
    expect(toCsv([[text]])).toBe(`${written}\r\n`);
  });

  it.each([
    ["a\0b", "a\ufffdb"],
    ["\0=1+1", "\ufffd=1+1"],
    ["a\x1b[2Jb\x7f", "a\ufffd[2Jb\ufffd"],
    ["a\ud800b", "a\ufffdb"],
  ])("shows that %j held a character that no cell may hold", (text, written) => {
    expect(toCsv([[text]])).toBe(`${written}\r\n`);
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
