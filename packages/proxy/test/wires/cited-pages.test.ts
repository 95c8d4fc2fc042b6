import type { LanguageModelV4Source } from "@ai-sdk/provider";
import { expect, test } from "vitest";
import { citedPages, citedSource, PLACE } from "../../src/wires/cited-pages.ts";
import { groundingOf } from "../../src/wires/google-generate/codec/grounding.ts";
import { citedIn } from "../../src/wires/openai-chat/cited-in.ts";

const source = { type: "source", sourceType: "url", id: "a", url: "https://a.test/" } as const;

test.each([
  [2, 5, { start: 12, end: 15 }],
  [undefined, undefined, { start: 10, end: 20 }],
  [-1, 5, { start: 10, end: 20 }],
  [5, 2, { start: 10, end: 20 }],
  [0.5, 3, { start: 10, end: 20 }],
  [0, 11, { start: 10, end: 20 }],
  [Number.NaN, 1e308, { start: 10, end: 20 }],
])("a place from %s to %s outside the text means the whole text", (startIndex, endIndex, place) => {
  const citation = { source, ...(startIndex !== undefined && { startIndex, endIndex }) };
  expect(citedPages(10, [citation], 10)).toMatchObject([place]);
});

test("a source without a place in the text stands at its end", () => {
  const placed = (start: number, end: number): LanguageModelV4Source => ({
    ...source,
    providerMetadata: { [PLACE]: { start, end } },
  });
  expect(citedSource(placed(1, 3), 10)).toMatchObject({ start: 1, end: 3 });
  expect(citedSource(placed(1, 30), 10)).toMatchObject({ start: 10, end: 10 });
  expect(citedSource(source, 10)).toMatchObject({ start: 10, end: 10 });
});

test.each([
  null,
  "text",
  { choices: "x", citations: { url: "x" }, search_results: 7 },
  { choices: [{ message: { annotations: [null, { url_citation: { url: 7 } }, { url_citation: [] }] } }] },
  { citations: [null, "", 7, {}], search_results: [null, { url: "" }, []] },
])("lists of the wrong type cite nothing: %j", (answer) => {
  expect(citedIn(answer)).toEqual([]);
});

test("places are counted in bytes for Google, in characters elsewhere", () => {
  const text = "Zürich 🌧 wet";
  const page = { url: "https://a.test/", title: "", quote: "", start: 7, end: 9 };
  expect(groundingOf(text, [page, { ...page, start: 10, end: 13 }], [])).toEqual({
    groundingChunks: [{ web: { uri: "https://a.test/", title: "https://a.test/" } }],
    groundingSupports: [
      { segment: { startIndex: 8, endIndex: 12, text: "🌧" }, groundingChunkIndices: [0] },
      { segment: { startIndex: 13, endIndex: 16, text: "wet" }, groundingChunkIndices: [0] },
    ],
  });
});

test("parts of the text that are cited again and again are repeated up to a bound", () => {
  const text = "x".repeat(100_000);
  const page = { url: "https://a.test/", title: "", quote: "", start: 0, end: text.length };
  const grounding = groundingOf(
    text,
    Array.from({ length: 5_000 }, () => page),
    [],
  ) as { groundingSupports: object[] };
  expect(grounding.groundingSupports).toHaveLength(10);
});
