import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, it } from "vitest";
import { ask, credential, model, openSetup, type Setup, target } from "../setup.ts";
import { PRIVATE_KEY, startTokenEndpoint, type TokenEndpoint } from "./token-endpoint.ts";

interface Seen {
  path: string;
  headers: IncomingHttpHeaders;
  // biome-ignore lint/suspicious/noExplicitAny: a test reads whatever was sent.
  body: any;
}

const PROJECT = "/v1/projects/acme/locations/global";
let server: Server;
let tokens: TokenEndpoint;
let setup: Setup;
let seen: Seen[];
let answers: { status?: number; body: object | string }[];

beforeEach(async () => {
  [seen, answers] = [[], []];
  tokens = await startTokenEndpoint();
  server = createServer(async (request, response) => {
    const body = JSON.parse(Buffer.concat(await request.toArray()).toString());
    seen.push({ path: request.url ?? "", headers: request.headers, body });
    const { status = 200, body: said } = answers.shift() ?? { body: {} };
    const isStream = typeof said === "string";
    response.writeHead(status, { "content-type": isStream ? "text/event-stream" : "application/json" });
    response.end(isStream ? said : JSON.stringify(said));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}${PROJECT}`;
  const serviceAccount = JSON.stringify({ client_email: "robot@acme.iam", private_key: PRIVATE_KEY });
  const sealed = JSON.stringify({ scheme: "google-oauth", fields: { serviceAccount, tokenUrl: tokens.url } });
  const main = credential(baseUrl, { provider: "vertex", sealed });
  const spare = credential(baseUrl, { provider: "vertex", sealed });
  const of = (name: string, upstreamModel: string) => model([target(main.id, { upstreamModel })], { name });
  const models = [
    model(
      [
        target(main.id, { upstreamModel: "claude-sonnet-4-5@20250929" }),
        target(spare.id, { upstreamModel: "claude-sonnet-4-6", priority: 2 }),
      ],
      { name: "claude" },
    ),
    of("gemini", "gemini-2.5-flash"),
    of("llama", "meta/llama-4-maas"),
    of("vectors", "text-embedding-005"),
  ];
  setup = await openSetup({ org: { credentials: [main, spare], models } });
});
afterEach(async () => {
  await setup.close();
  server.close();
  tokens.close();
});

const CLAUDE = "/publishers/anthropic/models/claude-sonnet-4-5@20250929";
const usage = { input_tokens: 12, output_tokens: 5 };
const message = {
  ...{ id: "msg_1", type: "message", role: "assistant", model: "claude-sonnet-4-5", stop_reason: "end_turn", usage },
  content: [{ type: "text", text: "Hi." }],
};
const events = (...given: [type: string, data: object][]) =>
  given.map(([type, data]) => `event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`).join("");
const messageStream = events(
  ["message_start", { message: { ...message, content: [], stop_reason: null } }],
  ["content_block_start", { index: 0, content_block: { type: "text", text: "" } }],
  ["content_block_delta", { index: 0, delta: { type: "text_delta", text: "Hi." } }],
  ["content_block_stop", { index: 0 }],
  ["message_delta", { delta: { stop_reason: "end_turn", stop_sequence: null }, usage }],
  ["message_stop", {}],
);
const messages = [{ role: "user", content: "Hi" }];
const ofMessages = (given: object = {}) =>
  setup.postTo("/v1/messages", { model: "claude", max_tokens: 100, messages, ...given }, { "anthropic-beta": "b1" });

it("Claude gets Anthropic's format, with the model in the path and the version in the body", async () => {
  answers.push({ body: message }, { body: messageStream });
  expect(await (await ofMessages()).json()).toEqual(message);
  const streamed = await (await ofMessages({ stream: true, anthropic_version: "mine" })).text();
  expect(streamed.replace(/,"cost_usd":[\d.]+/, "")).toBe(messageStream);
  expect(seen.map(({ path }) => path)).toEqual([
    `${PROJECT}${CLAUDE}:rawPredict`,
    `${PROJECT}${CLAUDE}:streamRawPredict`,
  ]);
  for (const { body, headers } of seen) {
    expect(body).toMatchObject({ anthropic_version: "vertex-2023-10-16", max_tokens: 100, messages });
    expect(body).not.toHaveProperty("model");
    expect(headers).toMatchObject({ authorization: "Bearer token-1-0123456789", "anthropic-beta": "b1" });
    expect(headers).not.toHaveProperty("anthropic-version");
  }
  expect(setup.events).toMatchObject([
    { provider: "vertex", use: { input: 12, output: 5 }, pricing: "priced" },
    { provider: "vertex", use: { input: 12, output: 5 } },
  ]);
});

it("Claude answers chat clients too", async () => {
  answers.push({ body: message }, { body: messageStream });
  const chat = await (await setup.post(ask({ model: "claude" }))).json();
  expect(chat).toMatchObject({ choices: [{ message: { content: "Hi." }, finish_reason: "stop" }] });
  expect(await (await setup.post(ask({ model: "claude", stream: true }))).text()).toContain('"content":"Hi."');
  expect(seen.map(({ path }) => path)).toEqual([
    `${PROJECT}${CLAUDE}:rawPredict`,
    `${PROJECT}${CLAUDE}:streamRawPredict`,
  ]);
  for (const { body } of seen) {
    expect(body.anthropic_version).toBe("vertex-2023-10-16");
    expect(body).not.toHaveProperty("model");
  }
});

it("Claude's tokens are counted by Vertex, which wants the model in the body", async () => {
  answers.push({ body: { input_tokens: 41 } });
  const counted = await setup.postTo("/v1/messages/count_tokens", { model: "claude", messages });
  expect(await counted.json()).toEqual({ input_tokens: 41 });
  expect(seen[0]).toMatchObject({
    path: `${PROJECT}/publishers/anthropic/models/count-tokens:rawPredict`,
    body: { model: "claude-sonnet-4-5@20250929", messages },
  });
});

const generated = {
  candidates: [{ content: { role: "model", parts: [{ text: "Hi." }] }, finishReason: "STOP", index: 0 }],
  usageMetadata: { promptTokenCount: 7, candidatesTokenCount: 2, totalTokenCount: 9 },
};

it("Gemini answers Google's clients and chat clients at Google's publisher", async () => {
  const stream = `data: ${JSON.stringify(generated)}\r\n\r\n`;
  answers.push({ body: generated }, { body: stream }, { body: generated }, { body: stream });
  const contents = [{ role: "user", parts: [{ text: "Hi" }] }];
  const own = await setup.postTo("/v1beta/models/gemini:generateContent", { contents });
  expect(await own.json()).toEqual(generated);
  await (await setup.postTo("/v1beta/models/gemini:streamGenerateContent?alt=sse", { contents })).text();
  const chat = await (await setup.post(ask({ model: "gemini" }))).json();
  expect(chat).toMatchObject({ choices: [{ message: { content: "Hi." } }], usage: { total_tokens: 9 } });
  await (await setup.post(ask({ model: "gemini", stream: true }))).text();
  const at = `${PROJECT}/publishers/google/models/gemini-2.5-flash`;
  expect(seen.map(({ path }) => path)).toEqual([
    ...[`${at}:generateContent`, `${at}:streamGenerateContent?alt=sse`],
    ...[`${at}:generateContent`, `${at}:streamGenerateContent?alt=sse`],
  ]);
  expect(seen.map(({ headers }) => headers.authorization)).toEqual(Array(4).fill("Bearer token-1-0123456789"));
  expect(setup.events.map(({ use, pricing }) => [use.input, pricing])).toEqual(Array(4).fill([7, "priced"]));
});

it("Gemini's tokens are counted by Vertex", async () => {
  answers.push({ body: { totalTokens: 5, totalBillableCharacters: 9 } });
  const contents = [{ role: "user", parts: [{ text: "Hi" }] }];
  const counted = await setup.postTo("/v1beta/models/gemini:countTokens", { contents });
  expect(await counted.json()).toMatchObject({ totalTokens: 5 });
  expect(seen[0]).toMatchObject({
    path: `${PROJECT}/publishers/google/models/gemini-2.5-flash:countTokens`,
    body: { contents },
  });
});

it("open models get chat at their own endpoint", async () => {
  const choices = [{ index: 0, message: { role: "assistant", content: "Hi." }, finish_reason: "stop" }];
  answers.push({ body: { choices, usage: { prompt_tokens: 3, completion_tokens: 1 } } });
  expect((await setup.post(ask({ model: "llama" }))).status).toBe(200);
  expect(seen[0]).toMatchObject({
    path: `${PROJECT}/endpoints/openapi/chat/completions`,
    body: { model: "meta/llama-4-maas" },
  });
});

it("embeddings are predicted, with the tokens of all texts", async () => {
  const prediction = (token_count: unknown) => ({ embeddings: { values: [0.5, 1], statistics: { token_count } } });
  answers.push({ body: { predictions: [prediction(3), prediction(4)] } }, { body: { predictions: [prediction("x")] } });
  const embed = (input: unknown) => setup.postTo("/v1/embeddings", { model: "vectors", input, dimensions: 2 });
  expect(await (await embed(["a", "b"])).json()).toMatchObject({
    data: [{ embedding: [0.5, 1] }, { embedding: [0.5, 1] }],
    usage: { prompt_tokens: 7 },
  });
  expect(seen[0]).toMatchObject({
    path: `${PROJECT}/publishers/google/models/text-embedding-005:predict`,
    body: { instances: [{ content: "a" }, { content: "b" }], parameters: { outputDimensionality: 2 } },
  });
  expect((await embed("a")).status).toBe(200);
  expect(setup.events).toMatchObject([{ use: { input: 7 } }, { source: "estimated" }]);
});

it.each([
  [
    "is not servable in a region",
    400,
    "FAILED_PRECONDITION",
    "Publisher Model `projects/acme/x` is not servable in region us-east9.",
  ],
  [
    "is not enabled",
    404,
    "NOT_FOUND",
    "Publisher Model `projects/acme/locations/global/x` was not found or your project does not have access to it.",
  ],
  [
    "may not be used",
    400,
    "FAILED_PRECONDITION",
    "Project `1` is not allowed to use Publisher Model `projects/acme/x`",
  ],
  ["is in a project without billing", 403, "PERMISSION_DENIED", "This API method requires billing to be enabled."],
])("a model that %s is tried at the next target", async (_what, status, code, text) => {
  answers.push({ status, body: { error: { code: status, status: code, message: text } } }, { body: message });
  const response = await ofMessages();
  expect(response.status).toBe(200);
  expect(seen[1]?.path).toContain("claude-sonnet-4-6:rawPredict");
});

it("a model's name cannot leave its place in the path", async () => {
  const [first] = setup.org.models;
  const [own] = first?.targets ?? [];
  const upstreamModel = "claude-../../../evil?x#y";
  setup.change({ models: [model([target(own?.credentialId ?? "", { upstreamModel })], { name: "claude" })] });
  answers.push({ body: message }, { body: message });
  await ofMessages();
  await setup.post(ask({ model: "claude" }));
  const place = `${PROJECT}/publishers/anthropic/models/claude-..%2F..%2F..%2Fevil%3Fx%23y:rawPredict`;
  expect(seen.map(({ path }) => path)).toEqual([place, place]);
});
