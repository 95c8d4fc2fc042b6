import { TollgateError } from "@tollgate/contracts/errors";
import type OpenAI from "openai";
import { afterEach, describe, expect, test } from "vitest";
import { model, target } from "../setup.ts";
import { base64, type EmbeddingsSetup, openEmbeddings } from "./embeddings-setup.ts";

let setup: EmbeddingsSetup;
afterEach(() => setup.close());

async function open(...given: Parameters<typeof openEmbeddings>): Promise<OpenAI> {
  setup = await openEmbeddings(...given);
  return setup.client;
}

const post = (body: object, path?: string) => setup.embed(body, path);

describe("translated", () => {
  const GOOGLE = { provider: "google", upstreamModel: "gemini-embedding-001", path: "/v1beta" };
  const COHERE = { provider: "cohere", upstreamModel: "embed-v4.0" };

  test("Google gets one request for each text; the SDK gets base64 of its numbers", async () => {
    const client = await open(GOOGLE);
    setup.answer({
      embeddings: [{ values: [0.5, 1] }, { values: [-2, 0.25] }],
      usageMetadata: { promptTokenCount: 6 },
    });
    const ask = { model: "small", input: ["a", "b"], dimensions: 2, user: "ada" };
    const { data, response } = await client.embeddings.create(ask).withResponse();
    expect(data.data.map(({ embedding }) => [...embedding])).toEqual([
      [0.5, 1],
      [-2, 0.25],
    ]);
    expect(response.headers.get("x-tollgate-ignored")).toBe("user");
    const content = (text: string) => ({ parts: [{ text }] });
    const each = { model: "models/gemini-embedding-001", outputDimensionality: 2 };
    expect(setup.seen[0]).toMatchObject({
      path: "/v1beta/models/gemini-embedding-001:batchEmbedContents",
      headers: { "x-goog-api-key": expect.any(String) },
      json: {
        requests: [
          { ...each, content: content("a") },
          { ...each, content: content("b") },
        ],
      },
    });
    expect(data.usage).toEqual({ prompt_tokens: 6, total_tokens: 6 });
    expect(setup.events[0]).toMatchObject({ use: { input: 6, output: 0 }, costNano: "900" });
  });

  test("Google without a report of usage is charged by an estimate", async () => {
    const client = await open(GOOGLE);
    setup.answer({ embeddings: [{ values: [0.5] }] });
    await client.embeddings.create({ model: "small", input: "some words", encoding_format: "float" });
    expect(setup.events[0]).toMatchObject({ source: "estimated", flags: ["usage_missing"] });
  });

  test("Cohere is asked for the client's encoding", async () => {
    const client = await open(COHERE);
    setup.answer({
      id: "1",
      embeddings: { float: [[0.5, 1]] },
      meta: { billed_units: { input_tokens: 10 } },
    });
    const ask = { model: "small", input: "a", dimensions: 256, encoding_format: "float" } as const;
    expect((await client.embeddings.create(ask)).data[0]?.embedding).toEqual([0.5, 1]);
    expect(setup.seen[0]).toMatchObject({ path: "/v2/embed", headers: { authorization: expect.any(String) } });
    expect(setup.seen[0]?.json).toEqual({
      model: "embed-v4.0",
      texts: ["a"],
      input_type: "search_document",
      embedding_types: ["float"],
      output_dimension: 256,
    });
    expect(setup.events[0]).toMatchObject({ use: { input: 10, output: 0 }, costNano: "1200" });
    setup.answer({ embeddings: { base64: [base64([3])] }, meta: {} });
    expect([...((await client.embeddings.create({ model: "small", input: "a" })).data[0]?.embedding ?? [])]).toEqual([
      3,
    ]);
  });

  test("tokens are refused, because they are numbers of one vocabulary", async () => {
    await open(COHERE);
    const refusal = await post({ model: "small", input: [1, 2] });
    expect(refusal.status).toBe(400);
    expect(await refusal.json()).toMatchObject({ error: { param: expect.stringContaining("input") } });
    expect(setup.seen).toEqual([]);
  });

  test("fewer vectors than texts are a bad response; a refusal of the provider passes", async () => {
    await open(COHERE);
    setup.answer({ embeddings: { float: [[1]] }, meta: { billed_units: { input_tokens: 10 } } });
    expect((await post({ model: "small", input: ["a", "b"] })).status).toBe(502);
    setup.answer({ status: 400, body: { message: "invalid request: too many texts" } });
    const refused = await post({ model: "small", input: ["a", "b"] });
    expect(refused.status).toBe(400);
    expect(await refused.json()).toMatchObject({ error: { message: expect.stringContaining("too many texts") } });
  });
});

test("a failed target falls back to a provider with another format", async () => {
  await open();
  const [main] = setup.org.credentials;
  if (!main) throw new TollgateError("internal_error", "no credential");
  const google = { ...main, id: main.id.replace(/^./, "f"), provider: "google" };
  const targets = [
    target(main.id, { upstreamModel: "text-embedding-3-small" }),
    target(google.id, { upstreamModel: "gemini-embedding-001", priority: 2 }),
  ];
  setup.change({ credentials: [main, google], models: [model(targets)] });
  setup.answer({ embeddings: [{ values: [0.5] }], usageMetadata: { promptTokenCount: 3 } });
  const response = await post({ model: "small", input: "x" });
  expect(await response.json()).toMatchObject({ data: [{ embedding: [0.5] }] });
  expect(setup.events[0]).toMatchObject({ provider: "google", outcome: "complete" });
});
