import { expect, test } from "vitest";
import { openLog, openQuickInfo } from "../src/log.ts";

const settings = { name: "proxy", level: "info", process: 2 };

function collect(level = "info") {
  const lines: string[] = [];
  const output = { write: (line: string) => void lines.push(line) };
  const log = openLog({ ...settings, level }, output);
  return { lines, log, info: openQuickInfo(log, { ...settings, level }, output) };
}

const parsed = (line = ""): Record<string, unknown> => {
  expect(line.endsWith("\n")).toBe(true);
  return JSON.parse(line);
};

test.each([
  ["fields", { requestId: "r", status: 200, error: null, model: 'a "quoted"\nname' }],
  ["no field", {}],
  ["a field without a value", { requestId: undefined, status: 1 }],
])("a quick line equals the logger's line: %s", (_, fields) => {
  const { lines, log, info } = collect();
  log.info(fields, "call");
  info(fields, "call");
  const [slow, quick] = lines.map((line) => parsed(line));
  expect(Object.keys(quick ?? {})).toEqual(Object.keys(slow ?? {}));
  expect({ ...quick, time: null }).toEqual({ ...slow, time: null });
  expect(quick?.time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
});

test("a level above info suppresses quick lines", () => {
  const { lines, info } = collect("warn");
  info({}, "call");
  expect(lines).toEqual([]);
});
