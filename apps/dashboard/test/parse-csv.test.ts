import { expect, test } from "vitest";
import { parseCsv, readCsv } from "../src/lib/parse-csv.ts";

test.each([
  ["commas", "a,b\n1,2"],
  ["semicolons and CRLF", "a;b\r\n1;2\r\n"],
  ["tabs and spaces", "a\tb\n 1 \t2"],
  ["quotes", '"a","b"\n"1","2"'],
])("reads %s", (_, text) => {
  expect(parseCsv(text).map(({ cells }) => cells)).toEqual([
    ["a", "b"],
    ["1", "2"],
  ]);
});

test("a quoted cell keeps separators, quotes and line breaks, and lines keep their numbers", () => {
  expect(parseCsv('a,b\n"x, ""y""\nz",2\n\n3,4')).toEqual([
    { line: 1, cells: ["a", "b"] },
    { line: 2, cells: ['x, "y"\nz', "2"] },
    { line: 5, cells: ["3", "4"] },
  ]);
});

test("the header names the columns in any order and case; what it lacks or has too much is a problem", () => {
  expect(readCsv("Team,NAME\nx,y", ["name", "team"], ["name"]).rows).toEqual([
    { line: 2, values: { team: "x", name: "y" } },
  ]);
  expect(readCsv("team\nx", ["name", "team"], ["name"]).problem).toContain("must name the column name");
  expect(readCsv("name,secret\nx,y", ["name"], ["name"]).problem).toContain("no column secret");
  expect(readCsv("", ["name"], ["name"])).toEqual({ rows: [] });
});
