import fc from "fast-check";
import { expect, test } from "vitest";
import { JSON_BOUNDS } from "../../src/body/json-bounds.ts";
import { readJson } from "../../src/body/read-json.ts";
import { Lanes } from "../../src/body/steps.ts";
import { BodyMemory } from "../../src/body-memory.ts";
import { WIRES } from "../../src/wires/table.ts";

const { places } = WIRES["openai-chat"];

const ROOM = 1e9;

/** Reads it, and checks that all memory is given back when the call has ended. */
async function read(text: string | Buffer, room = ROOM) {
  const memory = new BodyMemory(room);
  const share = memory.share();
  try {
    return await readJson(Buffer.from(text), share, new Lanes().of(""), { places });
  } finally {
    share.giveAll();
    share.giveAll();
    expect(memory.take(room)).toBe(true);
  }
}

const refusal = async (text: string, room?: number): Promise<string> =>
  read(text, room).then(
    () => "none",
    (error) => `${error.status} ${error.code}`,
  );

const long = fc.string({ unit: fc.constantFrom("a", "é", "漢", "🙂", "\\", '"', "\n", "\ud800"), maxLength: 8 });
const text = fc.tuple(long, fc.integer({ min: 1, max: 20_000 })).map(([part, times]) => part.repeat(times));
const value = fc.oneof(
  { weight: 3, arbitrary: fc.jsonValue({ maxDepth: 5 }) },
  text,
  fc.array(fc.jsonValue({ maxDepth: 2 }), { maxLength: 40 }).map((items) => Array(200).fill(items)),
  fc.tuple(text, text).map(([a, b]) => ({ a: [{ b: a }, b, [[b]]], __proto__: null, c: a })),
);
const body = fc.dictionary(fc.string({ minLength: 1, maxLength: 5 }), value, {
  minKeys: 1,
  maxKeys: 6,
  noNullPrototype: true,
});
const spacing = fc.constantFrom(undefined, 1, "\t");

test("a large body that is read in pieces has the same value as with a parser", async () => {
  await fc.assert(
    fc.asyncProperty(body, spacing, async (given, space) => {
      const json = JSON.stringify(given, null, space);
      expect((await read(json)).body).toStrictEqual(JSON.parse(json));
    }),
    { numRuns: 60 },
  );
});

test.each([
  ["a comma too many", (json: string) => json.replace('"z":', '"y":[1,],"z":')],
  ["a comma too few", (json: string) => json.replace('"z":', '"y":[1 2],"z":')],
  ["a name without a value", (json: string) => json.replace('"z":', '"y","z":')],
  ["a value that is no literal", (json: string) => json.replace('"z":', '"y":nul,"z":')],
  ["a line feed in a text", (json: string) => json.replace("aaaa", "aa\naa")],
  ["an invalid escape", (json: string) => json.replace("aaaa", "a\\xaa")],
  ["something after the end", (json: string) => `${json} 1`],
  ["no end", (json: string) => json.slice(0, -1)],
  ["a bracket that closes a brace", (json: string) => `${json.slice(0, -1)}]`],
  ["an open text", (json: string) => json.slice(0, -9)],
])("nor does it hide %s", async (_name, spoil) => {
  const json = JSON.stringify({ a: ["a".repeat(200_000)], z: "a".repeat(40_000) });
  expect(await refusal(json)).toBe("none");
  expect(await refusal(spoil(json))).toBe("400 invalid_json");
});

const many = (count: number, piece: (index: number) => string): string =>
  Array.from({ length: count }, (_, n) => piece(n)).join();

test.each([
  ["a million values", `{"x":[${many(1_000_000, () => "[]")}]}`, "413 request_too_large"],
  ["a million members", `{"x":{${many(1_000_000, (n) => `"k${n}":1`)}}}`, "413 request_too_large"],
  ["a million texts", `{"x":[${many(1_000_000, () => '""')}]}`, "413 request_too_large"],
  ["a name without end", `{"${"n".repeat(1_000_000)}":1}`, "413 request_too_large"],
  ["a number without end", `{"x":${"1".repeat(1_000_000)}}`, "413 request_too_large"],
  ["nothing but space", `{"x":${" ".repeat(1_000_000)}1}`, "413 request_too_large"],
  ["a pit", `{"x":${"[".repeat(1_000_000)}`, "400 json_too_deep"],
  ["a small body of the same kind", `{"x":[${many(20_000, () => "[]")}]}`, "none"],
])("a body that is small and costs much is refused while it is scanned: %s", async (_name, json, refused) => {
  expect(await refusal(json)).toBe(refused);
});

test("the longest conversations are within the bounds", async () => {
  const turn = {
    role: "assistant",
    content: null,
    tool_calls: [{ id: "a", type: "function", function: { name: "f", arguments: "{}" } }],
  };
  const result = { role: "tool", tool_call_id: "a", content: "done" };
  const messages = Array.from({ length: 6_000 }, () => [turn, result]).flat();
  expect(await refusal(JSON.stringify({ model: "small", messages }))).toBe("none");
  expect(JSON_BOUNDS.values).toBeGreaterThan(6_000 * 16);
});

test.each([
  ["many values", `{"x":[${many(20_000, () => "[]")}]}`, 1_000_000],
  ["one long text", JSON.stringify({ x: "a".repeat(1_000_000) }), 900_000],
  ["a text that is wider in memory", JSON.stringify({ x: "漢".repeat(300_000) }), 1_000_000],
])("the parsed form of a body counts towards the memory for bodies: %s", async (_name, json, room) => {
  expect(await refusal(json)).toBe("none");
  expect(await refusal(json, room)).toBe("503 overloaded");
});
