import type OpenAI from "openai";
import { BadRequestError } from "openai";
import { afterEach, describe, expect, test } from "vitest";
import { guardrail } from "../guardrails/guardrail.ts";
import { limit } from "../setup.ts";
import { answered, base64, type EmbeddingsSetup, OPENAI, openEmbeddings } from "./embeddings-setup.ts";

let setup: EmbeddingsSetup;
afterEach(() => setup.close());

async function open(...given: Parameters<typeof openEmbeddings>): Promise<OpenAI> {
  setup = await openEmbeddings(...given);
  return setup.client;
}

const post = (body: object, path?: string) => setup.embed(body, path);

test("the SDK gets its vectors; the call is recorded with its tokens and its cost to the nano-dollar", async () => {
  const client = await open();
  setup.answer(answered([base64([0.5, -0.25]), base64([1, 2])]));
  const { data, usage } = await client.embeddings.create({
    model: "small",
    input: ["sunny day", "rainy day"],
    dimensions: 2,
    user: "ada",
  });
  expect(data.map(({ embedding }) => [...embedding])).toEqual([
    [0.5, -0.25],
    [1, 2],
  ]);
  expect(usage.prompt_tokens).toBe(12);
  expect(setup.seen[0]).toMatchObject({
    path: "/embeddings",
    json: { model: "text-embedding-3-small", dimensions: 2, encoding_format: "base64" },
  });
  expect(setup.events[0]).toMatchObject({
    surface: "embeddings",
    use: { input: 12, output: 0 },
    source: "provider",
    pricing: "priced",
    costNano: "240",
    endUser: "ada",
    flags: [],
    outcome: "complete",
  });
});

test.each(["/openai/v1/embeddings", "/openai/embeddings"])("%s is the same endpoint", async (path) => {
  await open();
  setup.answer(answered([[0.5]]));
  const response = await post({ model: "small", input: [1, 2, 3] }, path);
  expect(await response.json()).toEqual(answered([[0.5]]));
  expect(setup.seen[0]?.json.input).toEqual([1, 2, 3]);
});

describe("a large answer passes as its bytes", () => {
  const vectors = Array.from({ length: 40 }, () => Array.from({ length: 3_072 }, (_, at) => at / 3_072 - 0.5));

  test.each([
    ["with the usage at its end", answered(vectors, 900)],
    ["with the usage before the vectors", { ...{ usage: { prompt_tokens: 900 } }, ...answered(vectors, 900) }],
  ])("%s", async (_, answer) => {
    await open();
    const bytes = Buffer.from(JSON.stringify(answer));
    setup.answer({ body: bytes });
    const response = await post({ model: "small", input: "x" });
    expect(Buffer.from(await response.arrayBuffer()).equals(bytes)).toBe(true);
    expect(setup.events[0]).toMatchObject({ use: { input: 900, output: 0 }, costNano: "18000" });
  });
});

test("300,000 tokens as numbers are accepted", async () => {
  await open();
  setup.answer(answered([[0.5]], 300_000));
  const response = await post({ model: "small", input: [Array(150_000).fill(7), Array(150_000).fill(8)] });
  expect(response.status).toBe(200);
  expect(setup.seen[0]?.json.input[1]).toHaveLength(150_000);
});

describe("limits", () => {
  const usd = (amount: bigint) => limit({ unit: "usd", window: "month", amount });

  test("the hold covers the tokens and is settled; no output limit is sent", async () => {
    await open(OPENAI, { org: { limits: [usd(10_000n), limit({ unit: "tokens", amount: 1_000n })] } });
    setup.answer(answered([[1]], 5));
    const response = await post({ model: "small", input: "four tokens of text" });
    expect(response.status).toBe(200);
    expect(response.headers.get("x-tollgate-max-tokens-clamped")).toBeNull();
    expect(setup.seen[0]?.json).toEqual({ model: "text-embedding-3-small", input: "four tokens of text" });
    const [event] = setup.events;
    expect(Number(event?.heldNano)).toBeGreaterThan(100);
    expect(event).toMatchObject({ costNano: "100" });
  });

  test("a call that does not fit is refused", async () => {
    await open(OPENAI, { org: { limits: [usd(500n)] } });
    const response = await post({ model: "small", input: "x".repeat(1_000) });
    expect(await response.json()).toMatchObject({ error: { code: "budget_exceeded" } });
    expect(setup.seen).toEqual([]);
  });

  test("under a dollar limit a model without a price is refused; an own price admits it", async () => {
    await open({ provider: "jina", upstreamModel: "jina-embeddings-v3" }, { org: { limits: [usd(10n ** 9n)] } });
    setup.answer(answered([[1]], 1_000));
    expect(await (await post({ model: "small", input: "x" })).json()).toMatchObject({
      error: { code: "model_not_priced" },
    });
    const own = { inputPerMillion: "0.05", outputPerMillion: "0", version: "own-1", fromMs: 0 };
    setup.change({ prices: [{ ...own, provider: "jina", upstreamModel: "jina-embeddings-v3" }] });
    expect((await post({ model: "small", input: "x" })).status).toBe(200);
    expect(setup.events.at(-1)?.costNano).toBe("50000");
  });
});

test("a repeated request is answered from the cache, without cost", async () => {
  await open();
  const [small] = setup.org.models;
  setup.change({ models: [{ ...(small as NonNullable<typeof small>), cacheTtlSeconds: 60 }] });
  setup.answer(answered([[0.5]]));
  const first = await (await post({ model: "small", input: "x" })).text();
  const second = await post({ model: "small", input: "x" });
  expect(second.headers.get("x-tollgate-cache")).toBe("hit");
  expect(await second.text()).toBe(first);
  expect(setup.seen).toHaveLength(1);
  expect(setup.events[1]).toMatchObject({ cache: "hit", costNano: "0" });
});

test("guardrails read and redact every input", async () => {
  const rule = guardrail({ kind: "keyword", patterns: ["secret"], action: "redact" });
  await open(OPENAI, { org: { guardrails: [rule] } });
  setup.answer(answered([[1], [2]]));
  await post({ model: "small", input: ["plain", "a secret text"], encoding_format: "float" });
  expect(setup.seen[0]?.json.input[0]).toBe("plain");
  expect(setup.seen[0]?.json.input[1]).not.toContain("secret");
  expect(setup.events[0]?.guardrails[0]).toMatchObject({ action: "redact", count: 1, origins: ["message"] });
  setup.change({ guardrails: [{ ...rule, action: "block" }] });
  const blocked = await post({ model: "small", input: "a secret text" });
  expect(await blocked.json()).toMatchObject({ error: { code: "guardrail_blocked" } });
  expect(setup.seen).toHaveLength(1);
});

test.each([
  [{ input: "x" }, "model"],
  [{ model: "small" }, "input"],
  [{ model: "small", input: [] }, "input"],
  [{ model: "small", input: {} }, "input"],
  [{ model: "small", input: ["x", 1] }, "input[1]"],
  [{ model: "small", input: [null] }, "input[0]"],
  [{ model: "small", input: "x", dimensions: 0 }, "dimensions"],
  [{ model: "small", input: "x", encoding_format: "hex" }, "encoding_format"],
  [{ model: "small", input: "x", api_base: "http://evil" }, "api_base"],
])("%j is refused with the name of the field", async (body, param) => {
  await open();
  const response = await post(body);
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ error: { param } });
  expect(setup.seen).toEqual([]);
});

test("a model whose provider has no embeddings is refused and the refusal is final", async () => {
  const client = await open({ provider: "anthropic", upstreamModel: "claude-sonnet-4-6" });
  const refusal = await client.embeddings.create({ model: "small", input: "x" }).catch((error) => error);
  expect(refusal).toBeInstanceOf(BadRequestError);
  expect(refusal).toMatchObject({ code: "invalid_value", param: "model" });
  expect(refusal.message).toContain("Anthropic");
});

test("an embedding model called through chat gets the provider's own refusal", async () => {
  const client = await open();
  setup.answer({
    status: 404,
    body: { error: { message: "This is not a chat model", type: "invalid_request_error" } },
  });
  const call = client.chat.completions.create({ model: "small", messages: [{ role: "user", content: "Hi" }] });
  await expect(call).rejects.toMatchObject({ status: 404, message: expect.stringContaining("not a chat model") });
});

test("an answer that is not of this API is a bad response", async () => {
  await open();
  for (const body of [{ ok: true }, { error: { message: "no" } }, Buffer.from("<html>")]) {
    setup.answer({ body });
    expect((await post({ model: "small", input: "x" })).status).toBe(502);
  }
});

test("an answer without usage is charged by an estimate", async () => {
  await open();
  setup.answer({ ...answered([[1]]), usage: undefined });
  await post({ model: "small", input: "a text of some words" });
  expect(setup.events[0]).toMatchObject({ source: "estimated", use: { output: 0 } });
  expect(setup.events[0]?.use.input).toBeGreaterThan(3);
  expect(setup.events[0]?.flags).toContain("usage_missing");
});

test.each([
  ["voyage", "voyage-3.5", { output_dimension: 8, encoding_format: null }],
  ["jina", "jina-embeddings-v3", { dimensions: 8, embedding_type: "float" }],
  ["mistral", "mistral-embed", { output_dimension: 8, encoding_format: "float" }],
])("%s gets its own names of the fields", async (provider, upstreamModel, fields) => {
  const client = await open({ provider, upstreamModel });
  setup.answer({ ...answered([[0.5]]), usage: { total_tokens: 12 } });
  const ask = { model: "small", input: ["x"], dimensions: 8, encoding_format: "float" as const };
  const { data } = await client.embeddings.create(ask);
  expect(data[0]?.embedding).toEqual([0.5]);
  expect(setup.seen[0]?.json).toEqual({ model: upstreamModel, input: ["x"], ...fields });
  expect(setup.events[0]?.use.input).toBe(12);
});
