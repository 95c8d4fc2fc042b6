import fc from "fast-check";
import { expect, test } from "vitest";
import { readJson } from "../src/body/read-json.ts";

const key = fc.string({ minLength: 1, maxLength: 12, unit: "grapheme" });
const object = fc.dictionary(key, fc.jsonValue({ maxDepth: 4 }), { maxKeys: 8, noNullPrototype: true });
const spacing = fc.constantFrom(undefined, 1, "\t");

test("only what is changed changes, whatever stands around it", () => {
  fc.assert(
    fc.property(object, key, fc.jsonValue(), spacing, (body, name, value, space) => {
      const bytes = Buffer.from(JSON.stringify(body, null, space));
      const changed = readJson(bytes).raw.with({ [name]: JSON.stringify(value) });
      expect(JSON.parse(String(changed))).toEqual(JSON.parse(JSON.stringify({ ...body, [name]: value })));
    }),
  );
});

test("fields given anew make an object of its own, to be changed again", () => {
  fc.assert(
    fc.property(object, fc.jsonValue(), fc.jsonValue(), spacing, (body, value, later, space) => {
      const names = Object.keys(body);
      const given = Object.fromEntries(names.filter((_, index) => index % 2 === 0).map((name) => [name, value]));
      const texts = Object.fromEntries(Object.entries(given).map(([name, each]) => [name, JSON.stringify(each)]));
      const edited = readJson(Buffer.from(JSON.stringify(body, null, space))).raw.edited(texts);
      const last = names.at(-1);
      const again = last === undefined ? {} : { [last]: later };
      const bytes = edited.with(last === undefined ? {} : { [last]: JSON.stringify(later) });
      expect(JSON.parse(String(bytes))).toEqual(JSON.parse(JSON.stringify({ ...body, ...given, ...again })));
    }),
  );
});

test("no change is no copy", () => {
  const bytes = Buffer.from('{ "a" : [1, {"b":"}"}] }');
  expect(readJson(bytes).raw.with({})).toBe(bytes);
});

test("numbers no double holds stay as they were sent", () => {
  const bytes = Buffer.from('{"seed":12345678901234567890,"model":"a","x":1e400}');
  expect(String(readJson(bytes).raw.with({ model: '"b"' }))).toBe(
    '{"seed":12345678901234567890,"model":"b","x":1e400}',
  );
});

test("a megabyte of names in one object is not quadratic", () => {
  const bytes = Buffer.from(`{${Array.from({ length: 100_000 }, (_, n) => `"k${n}":1`).join()}}`);
  const startedAt = performance.now();
  readJson(bytes);
  expect(performance.now() - startedAt).toBeLessThan(2_000);
});
