import { GoogleGenAI } from "@google/genai";
import { afterEach, describe, expect, test } from "vitest";
import { type OperationSetup, openOperation } from "../operations/operation-setup.ts";

let setup: OperationSetup;
afterEach(() => setup.close());

const GOOGLE = { provider: "google", upstreamModel: "gemini-embedding-001", path: "/v1beta" };
const OPENAI = { provider: "openai", upstreamModel: "text-embedding-3-small", path: "/v1" };

async function open(where = GOOGLE): Promise<GoogleGenAI> {
  setup = await openOperation(where);
  return new GoogleGenAI({ apiKey: setup.key, httpOptions: { baseUrl: setup.url } });
}

const content = (text: string) => ({ parts: [{ text }] });
const one = (body: object) => setup.postTo("/v1beta/models/small:embedContent", body);
const batch = (body: object) => setup.postTo("/google/v1beta/models/small:batchEmbedContents", body);

describe("at Google", () => {
  test("the official SDK: the bytes pass, and only the model changes", async () => {
    const google = await open();
    setup.answer({ embeddings: [{ values: [0.5] }, { values: [1] }], usageMetadata: { promptTokenCount: 6 } });
    const config = { outputDimensionality: 1, taskType: "RETRIEVAL_QUERY" };
    const answer = await google.models.embedContent({ model: "small", contents: ["a", "b"], config });
    expect(answer.embeddings?.map(({ values }) => values)).toEqual([[0.5], [1]]);
    const each = { model: "models/gemini-embedding-001", ...config };
    expect(setup.seen[0]).toMatchObject({
      path: "/v1beta/models/gemini-embedding-001:batchEmbedContents",
      json: { requests: ["a", "b"].map((text) => ({ content: { parts: [{ text }] }, ...each })) },
    });
    expect(setup.events[0]).toMatchObject({
      surface: "embed-contents",
      use: { input: 6, output: 0 },
      source: "provider",
      costNano: "900",
    });
  });

  test("a text that looks like a field stays; each request of a batch names the provider's model", async () => {
    await open();
    setup.answer({ embeddings: [{ values: [0.5] }] });
    const text = String.raw`{"model": "models/small"} \"model\":"x"`;
    await batch({ requests: [{ model: "models/small", content: content(text) }, { content: content("x") }] });
    expect(setup.seen[0]?.json.requests).toEqual([
      { model: "models/gemini-embedding-001", content: content(text) },
      { content: content("x") },
    ]);
    expect(setup.events[0]).toMatchObject({ source: "estimated", flags: ["usage_missing"] });
  });

  test("a single content", async () => {
    await open();
    setup.answer({ embedding: { values: [0.5] }, usageMetadata: { promptTokenCount: 3 } });
    const response = await one({ model: "models/small", content: content("a") });
    expect(await response.json()).toEqual({ embedding: { values: [0.5] }, usageMetadata: { promptTokenCount: 3 } });
    expect(setup.seen[0]).toMatchObject({
      path: "/v1beta/models/gemini-embedding-001:embedContent",
      json: { model: "models/gemini-embedding-001", content: content("a") },
    });
    expect(setup.events[0]).toMatchObject({ surface: "embed-content", use: { input: 3 } });
  });

  test("megabytes of vectors pass without being parsed, with their usage", async () => {
    await open();
    const values = Array.from({ length: 3_072 }, (_, index) => index / 1e9);
    setup.answer({ embeddings: Array(40).fill({ values }), usageMetadata: { promptTokenCount: 77 } });
    const requests = Array(40).fill({ content: content("a") });
    expect(((await (await batch({ requests })).json()) as { embeddings: unknown[] }).embeddings).toHaveLength(40);
    expect(setup.events[0]).toMatchObject({ source: "provider", use: { input: 77 } });
  });
});

describe("at OpenAI", () => {
  const data = [
    { index: 1, embedding: [1] },
    { index: 0, embedding: [0.5] },
  ];

  test("a batch is one request, and its vectors return in order", async () => {
    const google = await open(OPENAI);
    setup.answer({ object: "list", data, usage: { prompt_tokens: 5, total_tokens: 5 } });
    const config = { outputDimensionality: 1 };
    const answer = await google.models.embedContent({ model: "small", contents: ["a", "b"], config });
    expect(answer.embeddings?.map(({ values }) => values)).toEqual([[0.5], [1]]);
    expect(setup.seen[0]).toMatchObject({
      path: "/v1/embeddings",
      json: { model: "text-embedding-3-small", input: ["a", "b"], encoding_format: "float", dimensions: 1 },
    });
    expect(setup.events[0]).toMatchObject({ use: { input: 5, output: 0 }, source: "provider" });
  });

  test("a single content; what the provider has no field for is named", async () => {
    await open(OPENAI);
    setup.answer({ data: data.slice(1), usage: { prompt_tokens: 2 } });
    const response = await one({
      content: { parts: [{ text: "a" }, { text: "b" }] },
      task_type: "CLUSTERING",
      title: "t",
    });
    expect(response.headers.get("x-tollgate-ignored")).toBe("title, taskType");
    expect(await response.json()).toEqual({
      embedding: { values: [0.5] },
      usageMetadata: { promptTokenCount: 2, totalTokenCount: 2 },
    });
    expect(setup.seen[0]?.json.input).toEqual(["a\nb"]);
  });

  test("names that cannot be in a header are shown without what a header must not have", async () => {
    await open(OPENAI);
    setup.answer({ data: data.slice(1), usage: { prompt_tokens: 2 } });
    const many = Object.fromEntries(Array.from({ length: 900 }, (_, index) => [`f${index}`, 1]));
    const response = await one({ "é\r\nx-evil: 你": 1, content: content("a"), ...many });
    expect(response.status).toBe(200);
    expect(response.headers.get("x-tollgate-ignored")).toMatch(/^\?\?\?x-evil: \?, f0, f1,/);
    expect(response.headers.get("x-evil")).toBeNull();
  });

  test("fields with another name at the provider get it", async () => {
    await open({ provider: "voyage", upstreamModel: "voyage-3", path: "/v1" });
    setup.answer({ data: data.slice(1), usage: { total_tokens: 2 } });
    await one({ content: content("a"), outputDimensionality: 8 });
    expect(setup.seen[0]?.json).toEqual({
      model: "voyage-3",
      input: ["a"],
      encoding_format: null,
      output_dimension: 8,
    });
  });

  test.each([
    [{ requests: [{ content: { parts: [{ inlineData: {} }] } }] }, "requests[0].content.parts[0]"],
    [
      { requests: [{ content: content("a"), taskType: "CLUSTERING" }, { content: content("b") }] },
      "requests[1].taskType, which differs from requests[0],",
    ],
  ])("%j is refused by name", async (body, field) => {
    await open(OPENAI);
    const response = await batch(body);
    expect([response.status, await response.json()]).toMatchObject([
      400,
      { error: { details: [{}, { fieldViolations: [{ field }] }] } },
    ]);
    expect(setup.seen).toEqual([]);
  });
});

test.each([
  [{}, "requests"],
  [{ requests: [] }, "requests"],
  [{ requests: ["x"] }, "requests[0]"],
  [{ requests: [{}] }, "requests[0].content"],
  [{ requests: [{ content: "x" }] }, "requests[0].content"],
  [{ requests: [{ content: { parts: ["x"] } }] }, "requests[0].content.parts[0]"],
  [{ requests: [{ content: content("x"), outputDimensionality: 0.5 }] }, "requests[0].outputDimensionality"],
])("the batch %j is refused by name", async (body, field) => {
  await open();
  const response = await batch(body);
  expect([response.status, await response.json()]).toMatchObject([
    400,
    { error: { status: "INVALID_ARGUMENT", details: [{}, { fieldViolations: [{ field }] }] } },
  ]);
});
