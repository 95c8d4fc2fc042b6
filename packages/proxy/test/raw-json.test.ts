import fc from "fast-check";
import { expect, test } from "vitest";
import { readJson } from "../src/body/read-json.ts";
import { Lanes } from "../src/body/steps.ts";
import { BodyMemory } from "../src/body-memory.ts";
import { WIRES } from "../src/wires/table.ts";

const { places } = WIRES["openai-chat"];

const read = (bytes: Buffer) => readJson(bytes, new BodyMemory(1e9).share(), new Lanes().of(""), { places });

const key = fc.string({ minLength: 1, maxLength: 12, unit: "grapheme" });
const object = fc.dictionary(key, fc.jsonValue({ maxDepth: 4 }), { maxKeys: 8, noNullPrototype: true });
const spacing = fc.constantFrom(undefined, 1, "\t");

test("only the given fields change, with any surrounding text", async () => {
  await fc.assert(
    fc.asyncProperty(object, key, fc.jsonValue(), spacing, async (body, name, value, space) => {
      const bytes = Buffer.from(JSON.stringify(body, null, space));
      const changed = (await read(bytes)).raw.with({ [name]: JSON.stringify(value) });
      expect(JSON.parse(String(changed))).toEqual(JSON.parse(JSON.stringify({ ...body, [name]: value })));
    }),
  );
});

test("replaced fields make a separate object, which can be changed again", async () => {
  await fc.assert(
    fc.asyncProperty(object, fc.jsonValue(), fc.jsonValue(), spacing, async (body, value, later, space) => {
      const names = Object.keys(body);
      const given = Object.fromEntries(names.filter((_, index) => index % 2 === 0).map((name) => [name, value]));
      const texts = Object.fromEntries(Object.entries(given).map(([name, each]) => [name, JSON.stringify(each)]));
      const edited = (await read(Buffer.from(JSON.stringify(body, null, space)))).raw.edited(texts);
      const last = names.at(-1);
      const again = last === undefined ? {} : { [last]: later };
      const bytes = edited.with(last === undefined ? {} : { [last]: JSON.stringify(later) });
      expect(JSON.parse(String(bytes))).toEqual(JSON.parse(JSON.stringify({ ...body, ...given, ...again })));
    }),
  );
});

test("without changes nothing is copied", async () => {
  const bytes = Buffer.from('{ "a" : [1, {"b":"}"}] }');
  expect((await read(bytes)).raw.with({})).toBe(bytes);
});

test("numbers that a double cannot represent are kept", async () => {
  const bytes = Buffer.from('{"seed":12345678901234567890,"model":"a","x":1e400}');
  expect(String((await read(bytes)).raw.with({ model: '"b"' }))).toBe(
    '{"seed":12345678901234567890,"model":"b","x":1e400}',
  );
});

test("fields that are left out take nothing else with them, with other changes and any surrounding text", async () => {
  await fc.assert(
    fc.asyncProperty(object, fc.infiniteStream(fc.boolean()), key, spacing, async (body, choices, added, space) => {
      const left = Object.keys(body).filter(() => choices.next().value);
      const bytes = Buffer.from(JSON.stringify(body, null, space));
      const nulls = Object.fromEntries(left.map((name) => [name, null]));
      const changed = (await read(bytes)).raw.with({ [added]: "1" }, nulls);
      const kept = Object.entries(body).filter(([name]) => !left.includes(name) && name !== added);
      const expected = Object.fromEntries(left.includes(added) ? kept : [...kept, [added, 1]]);
      expect(JSON.parse(String(changed))).toEqual(JSON.parse(JSON.stringify(expected)));
    }),
  );
});
