import { CohereClient, CohereClientV2, CohereError } from "cohere-ai";
import { afterEach, describe, expect, test } from "vitest";
import { guardrail } from "../guardrails/guardrail.ts";
import { limit } from "../setup.ts";
import { type OperationSetup, openOperation } from "./operation-setup.ts";

let setup: OperationSetup;
afterEach(() => setup.close());

const COHERE = { provider: "cohere", upstreamModel: "rerank-v3.5" };
const SEARCHES = {
  inputPerMillion: "0",
  outputPerMillion: "0",
  units: { rerankSearches: "2" },
  version: "own-1",
  fromMs: 0,
  ...COHERE,
};
const documents = ["Carson City is a capital.", "Paris is another one."];
const RESULTS = {
  id: "b44fe75b",
  results: [
    { index: 1, relevance_score: 0.9 },
    { index: 0, relevance_score: 0.1 },
  ],
  meta: { api_version: { version: "2" }, billed_units: { search_units: 1 } },
};

async function open(...[at = COHERE, options]: Partial<Parameters<typeof openOperation>>) {
  setup = await openOperation(at, options);
  setup.answer(RESULTS);
  const given = { environment: setup.url, token: setup.key };
  return { v2: new CohereClientV2(given), v1: new CohereClient(given) };
}

test("version 2: the SDK gets its results; the searches are charged to the nano-dollar", async () => {
  const { v2 } = await open(COHERE, {
    org: { prices: [SEARCHES], limits: [limit({ unit: "usd", amount: 10n ** 9n })] },
  });
  const { results } = await v2.rerank({ model: "small", query: "capital of France", documents, topN: 2 });
  expect(results.map(({ index, relevanceScore }) => [index, relevanceScore])).toEqual([
    [1, 0.9],
    [0, 0.1],
  ]);
  expect(setup.seen[0]).toMatchObject({ path: "/v2/rerank", json: { model: "rerank-v3.5", documents, top_n: 2 } });
  expect(setup.events[0]).toMatchObject({
    surface: "rerank-v2",
    use: { input: 0, output: 0, rerankSearches: 1 },
    costNano: "2000000",
    heldNano: "2000000",
    pricing: "priced",
    flags: [],
  });
});

test("version 1: documents that are objects pass to Cohere's older path", async () => {
  const { v1 } = await open();
  const given = documents.map((text) => ({ text }));
  await v1.rerank({ model: "small", query: "capital of France", documents: given, returnDocuments: true });
  expect(setup.seen[0]).toMatchObject({ path: "/v1/rerank", json: { documents: given, return_documents: true } });
});

describe("limits", () => {
  test("more documents and longer ones are more searches", async () => {
    const { v2 } = await open(COHERE, {
      org: { prices: [SEARCHES], limits: [limit({ unit: "usd", amount: 10n ** 12n })] },
    });
    await v2.rerank({ model: "small", query: "q", documents: Array(101).fill("short") });
    await v2.rerank({ model: "small", query: "q", documents: ["x".repeat(60_000)] });
    expect(setup.events.map(({ heldNano }) => heldNano)).toEqual(["4000000", "4000000"]);
  });

  test("without a price the call is refused under a dollar limit, in Cohere's format", async () => {
    const { v2 } = await open(COHERE, { org: { limits: [limit({ unit: "usd", amount: 10n ** 12n })] } });
    const refusal = await v2.rerank({ model: "small", query: "q", documents }).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(CohereError);
    expect(refusal).toMatchObject({ body: { code: "model_not_priced", message: expect.stringContaining("price") } });
  });
});

test.each([
  ["voyage", { object: "list", data: RESULTS.results, usage: { total_tokens: 26 } }, { top_k: 1 }],
  ["jina", { results: RESULTS.results, usage: { total_tokens: 26 } }, { top_n: 1 }],
  ["together", { ...RESULTS, meta: undefined, usage: { prompt_tokens: 26, completion_tokens: 0 } }, { top_n: 1 }],
])("%s: has its own names, and is charged by tokens", async (provider, answer, fields) => {
  const upstreamModel = "rerank-1";
  const price = { provider, upstreamModel, inputPerMillion: "0.05", outputPerMillion: "0", version: "own", fromMs: 0 };
  const limits = [limit({ unit: "usd", amount: 10n ** 9n })];
  const { v2 } = await open({ provider, upstreamModel, path: "/v1" }, { org: { prices: [price], limits } });
  setup.answer(answer);
  const { results } = await v2.rerank({ model: "small", query: "q", documents, topN: 1 });
  expect(results[0]).toEqual({ index: 1, relevanceScore: 0.9 });
  expect(setup.seen[0]).toMatchObject({ path: "/v1/rerank", json: { model: upstreamModel, query: "q", ...fields } });
  expect(setup.events[0]).toMatchObject({ use: { input: 26, output: 0 }, costNano: "1300" });
});

test("guardrails read the query and every document", async () => {
  const { v2 } = await open(COHERE, { org: { guardrails: [guardrail({ patterns: ["secret"] })] } });
  const calls = [
    { query: "a secret", documents },
    { query: "q", documents: ["x", "a secret"] },
  ];
  for (const call of calls) {
    const refusal = await v2.rerank({ model: "small", ...call }).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ body: { code: "guardrail_blocked" } });
  }
  expect(setup.seen).toEqual([]);
});

test.each([
  [{ model: "small", documents }, "query"],
  [{ model: "small", query: "q" }, "documents"],
  [{ model: "small", query: "q", documents: [] }, "documents"],
  [{ model: "small", query: "q", documents: ["a", 1] }, "documents[1]"],
  [{ query: "q", documents }, "model"],
])("%j is refused", async (body, param) => {
  await open();
  const response = await fetch(`${setup.url}/v2/rerank`, {
    method: "POST",
    headers: { authorization: `Bearer ${setup.key}`, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  expect(response.status).toBe(400);
  expect(((await response.json()) as { message: string }).message).toContain(param);
});

describe("Bedrock", () => {
  const AT = { provider: "bedrock", upstreamModel: "cohere.rerank-v3-5:0" };
  const results = [
    { index: 1, relevance_score: 0.9 },
    { index: 0, relevance_score: 0.1 },
  ];

  test("reranks by the model's own request; the searches of the request are charged", async () => {
    const price = { ...SEARCHES, ...AT };
    const limits = [limit({ unit: "usd", amount: 10n ** 9n })];
    const { v2 } = await open(AT, { org: { prices: [price], limits } });
    setup.answer({ results });
    const answer = await v2.rerank({ model: "small", query: "q", documents, topN: 2, maxTokensPerDoc: 9 });
    expect(answer.results.map(({ index, relevanceScore }) => [index, relevanceScore])).toEqual([
      [1, 0.9],
      [0, 0.1],
    ]);
    expect(setup.seen[0]).toMatchObject({
      path: `/model/${encodeURIComponent(AT.upstreamModel)}/invoke`,
      json: { query: "q", documents, top_n: 2, api_version: 2 },
    });
    expect(setup.events[0]).toMatchObject({ use: { rerankSearches: 1 }, costNano: "2000000", source: "estimated" });
  });

  test("version 1: objects are sent as texts, and repeated if asked for", async () => {
    const { v1 } = await open(AT);
    setup.answer({ results: [{ index: 1, relevanceScore: 0.9 }] });
    const given = [{ text: "one" }, { title: "two" }];
    const answer = await v1.rerank({ model: "small", query: "q", documents: given as never, returnDocuments: true });
    expect(answer.results).toMatchObject([{ index: 1, document: { text: '{"title":"two"}' } }]);
    expect(setup.seen[0]?.json.documents).toEqual(["one", '{"title":"two"}']);
  });

  test("an answer without results is a bad response", async () => {
    const { v2 } = await open(AT);
    setup.answer({ body: { message: "none" } });
    await expect(v2.rerank({ model: "small", query: "q", documents }, { maxRetries: 0 })).rejects.toMatchObject({
      statusCode: 502,
    });
  });
});
