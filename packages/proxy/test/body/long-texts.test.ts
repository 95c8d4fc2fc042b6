import fc from "fast-check";
import { expect, test } from "vitest";
import { LongTexts } from "../../src/body/long-texts.ts";
import { atOnce } from "../../src/body/steps.ts";

const lines = (...values: unknown[]): Buffer => Buffer.from(values.map((value) => JSON.stringify(value)).join("\n"));
const joined = (pieces: Buffer[]): string => Buffer.concat(pieces).toString();

const word = fc.constantFrom("a", "漢", "🙂", '"', "\\", "\n", "\u0000", "é", "data:image/png;base64,", "\\u0041");
const long = fc.tuple(word, word, fc.integer({ min: 1, max: 30_000 })).map(([a, b, times]) => (a + b).repeat(times));
const value = fc.dictionary(
  fc.constantFrom("text", "data", "é", "__proto__"),
  fc.oneof(word, long, fc.array(long, { maxLength: 3 })),
  {
    noNullPrototype: true,
  },
);

test("JSON with cut texts is JSON, and small; restored, it is the same bytes", () => {
  fc.assert(
    fc.property(fc.array(value, { minLength: 1, maxLength: 3 }), (values) => {
      const texts = new LongTexts();
      const bytes = lines(...values);
      const short = atOnce(texts.cutting(bytes));
      for (const line of short.toString().split("\n")) JSON.parse(line);
      expect(joined(texts.restored(short))).toBe(bytes.toString());
      expect(short.length).toBeLessThanOrEqual(Math.max(bytes.length - texts.cutBytes + 100 * 20, 64 * 1024));
    }),
    { numRuns: 100 },
  );
});

test("a cut text is restored as it must be escaped where it is written", () => {
  fc.assert(
    fc.property(long, (text) => {
      const texts = new LongTexts();
      const given = { args: { text, more: "x".repeat(70_000) } };
      const cut = JSON.parse(atOnce(texts.cutting(lines(given))).toString()) as typeof given;
      const twice = { arguments: JSON.stringify(cut.args), args: cut.args };
      const thrice = { delta: JSON.stringify({ inner: JSON.stringify(cut.args) }), ...twice };
      const restored = JSON.parse(joined(texts.restored(lines(thrice)))) as Record<
        "args" | "arguments" | "delta",
        unknown
      >;
      expect(restored.args).toEqual(given.args);
      expect(JSON.parse(restored.arguments as string)).toEqual(given.args);
      expect(JSON.parse(JSON.parse(restored.delta as string).inner)).toEqual(given.args);
    }),
    { numRuns: 100 },
  );
});

test("short lines are not searched, and are the same buffer", () => {
  const bytes = lines({ text: "a".repeat(50_000) }, { text: "b".repeat(50_000) });
  const texts = new LongTexts();
  expect(atOnce(texts.cutting(bytes))).toBe(bytes);
  expect(texts.restored(bytes)).toEqual([bytes]);
});

test("each step searches a bounded number of bytes and quotes", () => {
  for (const text of ["a".repeat(8 * 1024 * 1024), '\\"'.repeat(1024 * 1024)]) {
    let steps = 0;
    const cutting = new LongTexts().cutting(Buffer.from(`{"text":"${text}"}`));
    while (!cutting.next().done) steps += 1;
    expect(steps).toBeGreaterThanOrEqual(7);
  }
});

test("a mark that a provider makes up is no mark", () => {
  const texts = new LongTexts();
  const bytes = lines({ text: "a".repeat(100_000), mark: "tg000000000000000000000000x0x" });
  expect(joined(texts.restored(atOnce(texts.cutting(bytes))))).toBe(bytes.toString());
});

test("large media in a parsed request are cut, and restored where they are written; other texts stay", () => {
  const png = Buffer.concat([Buffer.from("89504e470d0a1a0a", "hex"), Buffer.alloc(600_000, 7)]).toString("base64");
  const body = {
    messages: [
      {
        role: "user",
        content: [{ image_url: { url: `data:image/png;base64,${png}` } }, { data: png }, { text: "Hi" }],
      },
      { role: "user", content: Buffer.alloc(600_000, "text").toString("base64") },
      { role: "user", content: `iVBORw0KGgo is how a picture begins ${"é".repeat(300_000)}` },
    ],
    model: "m",
  };
  const before = JSON.stringify(body);
  const texts = new LongTexts(true);
  const cut = atOnce(texts.cuttingMedia(body)) as typeof body;
  expect(JSON.stringify(body)).toBe(before);
  expect(JSON.stringify(cut.messages[0]).length).toBeLessThan(3_000);
  expect(cut.messages.slice(1)).toEqual(body.messages.slice(1));
  expect(joined(texts.restored(Buffer.from(JSON.stringify(cut))))).toBe(before);
  const small = { messages: [{ content: png.slice(0, 1_000) }] };
  expect(atOnce(texts.cuttingMedia(small))).toBe(small);
});
