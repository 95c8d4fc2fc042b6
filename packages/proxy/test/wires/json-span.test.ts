import fc from "fast-check";
import { expect, test } from "vitest";
import { withCost } from "../../src/wires/cost-in-usage.ts";
import { spanOf } from "../../src/wires/json-span.ts";

const read = (json: string, path: string[]): unknown => {
  const bytes = Buffer.from(json);
  const span = spanOf(bytes, path);
  return span && JSON.parse(bytes.toString("utf8", span.start, span.end));
};

test("a value is found where a parser finds it, in any JSON and any layout", () => {
  const plain = fc.stringMatching(/^[a-z]{1,3}$/);
  const inner = fc.dictionary(plain, fc.jsonValue({ maxDepth: 3 }), { maxKeys: 6 });
  const outer = fc.dictionary(plain, fc.oneof(fc.jsonValue({ maxDepth: 3 }), inner), { maxKeys: 6 });
  fc.assert(
    fc.property(outer, fc.constantFrom(0, 1, "\t"), (value, space) => {
      const json = JSON.stringify(value, null, space);
      for (const name in value) {
        const found = value[name];
        expect(read(json, [name])).toEqual(JSON.parse(JSON.stringify(found)));
        if (typeof found !== "object" || found === null || Array.isArray(found)) continue;
        const fields = Object.entries(found).filter(([each]) => /^[a-z]+$/.test(each));
        for (const [each, field] of fields) expect(read(json, [name, each])).toEqual(JSON.parse(JSON.stringify(field)));
      }
      expect(read(json, ["missing"])).toBeNull();
    }),
    { seed: 7, numRuns: 300 },
  );
});

test.each([
  [
    "before another usage",
    '{"choices":[],"usage":{"a":1},"x":{"usage":{"b":2}}}',
    ["usage"],
    '"usage":{"a":1,"cost_usd":0.5},"x"',
  ],
  ["after another usage", '{"x":{"usage":{"b":2}},"usage":{"a":1}}', ["usage"], '"usage":{"a":1,"cost_usd":0.5}}'],
  ["after a text that names it", '{"m":"\\"usage\\":{","usage":{}}', ["usage"], '"usage":{"cost_usd":0.5}}'],
  [
    "in a nested usage",
    '{"usage":{},"response":{"usage":{"a":1}}}',
    ["response", "usage"],
    '"response":{"usage":{"a":1,"cost_usd":0.5}}',
  ],
])("the cost is put into the usage of the answer: %s", (_where, json, path, expected) => {
  expect(withCost(Buffer.from(`data: ${json}\n\n`), path, "0.5").toString()).toContain(expected);
});

test("an event without the usage stays as it is", () => {
  const event = Buffer.from('data: {"usage":null}\n\n');
  expect(withCost(event, ["usage"], "0.5")).toBe(event);
  expect(withCost(event, ["response", "usage"], "0.5")).toBe(event);
});
