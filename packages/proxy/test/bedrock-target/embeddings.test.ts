import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import OpenAI from "openai";
import { afterEach, beforeEach, expect, it } from "vitest";
import { credential, model, openSetup, type Setup, target } from "../setup.ts";

const TITAN = "amazon.titan-embed-text-v2:0";
const COHERE = "eu.cohere.embed-v4:0";

let server: Server;
let setup: Setup;
let seen: { path: string; body: unknown }[];
let answers: object[];

beforeEach(async () => {
  seen = [];
  answers = [];
  server = createServer(async (request, response) => {
    seen.push({ path: request.url ?? "", body: JSON.parse(Buffer.concat(await request.toArray()).toString()) });
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(answers.shift()));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const main = credential(origin, { provider: "bedrock" });
  const models = [
    model([target(main.id, { upstreamModel: TITAN })], { name: "titan" }),
    model([target(main.id, { upstreamModel: COHERE })], { name: "cohere" }),
  ];
  setup = await openSetup({ org: { credentials: [main], models } });
});
afterEach(async () => {
  await setup.close();
  server.closeAllConnections();
  server.close();
});

const client = (): OpenAI => new OpenAI({ baseURL: `${setup.url}/v1`, apiKey: setup.key, maxRetries: 0 });

it("Titan embeds one text, with its usage", async () => {
  answers.push({ embedding: [0.5, -1], inputTextTokenCount: 4 });
  const { data, usage } = await client().embeddings.create({ model: "titan", input: "Hello", dimensions: 2 });
  expect(data).toMatchObject([{ index: 0, embedding: [0.5, -1] }]);
  expect(usage.prompt_tokens).toBe(4);
  expect(seen).toEqual([
    { path: `/model/${encodeURIComponent(TITAN)}/invoke`, body: { inputText: "Hello", dimensions: 2 } },
  ]);
  expect(setup.events).toMatchObject([{ provider: "bedrock", source: "provider", use: { input: 4 } }]);
});

it("several texts for Titan are refused with the field, because it takes one", async () => {
  const refused = await setup.postTo("/v1/embeddings", { model: "titan", input: ["a", "b"] });
  expect(refused.status).toBe(400);
  expect(await refused.json()).toMatchObject({ error: { param: "input" } });
  const requests = ["a", "b"].map((text) => ({ content: { parts: [{ text }] } }));
  const google = await setup.postTo("/v1beta/models/titan:batchEmbedContents", { requests });
  expect([google.status, await google.text()]).toEqual([400, expect.stringContaining("requests has too many texts")]);
  expect(seen).toEqual([]);
});

it.each([[{ embeddings: [[1], [2]] }], [{ embeddings: { float: [[1], [2]] } }]])(
  "Cohere embeds several: %j",
  async (answer) => {
    answers.push(answer);
    const { data } = await client().embeddings.create({ model: "cohere", input: ["a", "b"], encoding_format: "float" });
    expect(data.map(({ embedding }) => embedding)).toEqual([[1], [2]]);
    expect(seen).toMatchObject([{ body: { texts: ["a", "b"], input_type: "search_document" } }]);
    expect(setup.events).toMatchObject([{ source: "estimated" }]);
  },
);

it.each([[{}], [{ embedding: 7 }], [{ embeddings: [1] }], [{ embeddings: [[1], [2]] }]])(
  "%j is no answer to one text",
  async (answer) => {
    answers.push(answer);
    expect((await setup.postTo("/v1/embeddings", { model: "titan", input: "a" })).status).toBe(502);
  },
);
