import Anthropic, { NotFoundError } from "@anthropic-ai/sdk";
import { batchFlag } from "@tollgate/contracts/batch";
import { type FakeMessageBatches, fakeMessageBatches } from "@tollgate/testkit/provider-message-batches";
import { afterEach, beforeEach, expect, test } from "vitest";
import { credential, id, limit, model, target } from "../setup.ts";
import { type FilesSetup, openFilesSetup } from "./files-setup.ts";

// Anthropic's message batches: each request is checked as a call is, and the batch is held at the most that it may cost.

let setup: FilesSetup;
let fake: FakeMessageBatches;
let anthropic: Anthropic;
beforeEach(async () => {
  fake = fakeMessageBatches();
  setup = await openFilesSetup({}, fake.paths);
  const main = credential(`${setup.provider.url}/v1`, { provider: "anthropic" });
  const models = [model([target(main.id, { upstreamModel: "claude-sonnet-4-6" })])];
  setup.change({ credentials: [main], models });
  anthropic = new Anthropic({ baseURL: setup.url, apiKey: setup.key, maxRetries: 0 });
});
afterEach(() => setup.close());

const params = (more: object = {}) => ({
  model: "small",
  max_tokens: 1_000,
  messages: [{ role: "user" as const, content: "Hello" }],
  ...more,
});
const create = (...requests: object[]) =>
  anthropic.messages.batches.create({ requests: requests as Anthropic.Messages.BatchCreateParams.Request[] });
const creations = () => setup.provider.requests.filter(({ method }) => method === "POST");
const sent = () => JSON.parse(creations().at(-1)?.body.toString() ?? "");

test("a batch is created, read, listed, cancelled, its results are read, and it is deleted", async () => {
  const batch = await create({ custom_id: "a", params: params() }, { custom_id: "b", params: params() });
  expect(batch).toMatchObject({ id: expect.stringMatching(/^msgbatch_tg1/), results_url: null });
  expect(sent()).toEqual({
    requests: ["a", "b"].map((custom_id) => ({ custom_id, params: params({ model: "claude-sonnet-4-6" }) })),
  });
  expect(creations()[0]?.headers).toMatchObject({
    "anthropic-version": expect.any(String),
    "x-api-key": expect.any(String),
  });
  expect((await anthropic.messages.batches.cancel(batch.id)).processing_status).toBe("canceling");
  Object.assign(fake.batches.get("msgbatch_stored1") ?? {}, {
    ...{
      processing_status: "ended",
      results_url: "https://api.anthropic.com/v1/messages/batches/msgbatch_stored1/results",
    },
    results: '{"custom_id":"a","result":{"type":"canceled"}}\n',
  });
  expect((await anthropic.messages.batches.retrieve(batch.id)).results_url).toBe(
    `/v1/messages/batches/${batch.id}/results`,
  );
  const results = await Array.fromAsync(await anthropic.messages.batches.results(batch.id));
  expect(results).toEqual([{ custom_id: "a", result: { type: "canceled" } }]);
  const second = await create({ custom_id: "a", params: params() });
  const ids = [];
  for await (const each of anthropic.messages.batches.list({ limit: 1 })) ids.push(each.id);
  expect(ids).toEqual([second.id, batch.id]);
  await expect(anthropic.messages.batches.delete(batch.id)).rejects.toMatchObject({ status: 409 });
  setup.settled.add("msgbatch_stored1");
  expect(await anthropic.messages.batches.delete(batch.id)).toMatchObject({ id: batch.id });
  await expect(anthropic.messages.batches.retrieve(batch.id)).rejects.toBeInstanceOf(NotFoundError);
});

test("its event has the held amount and no cost yet, and a hard limit counts it", async () => {
  setup.change({ limits: [limit({ unit: "usd", window: "month", amount: 20_000_000n })] });
  await create({ custom_id: "a", params: params() }, { custom_id: "b", params: params() });
  expect(setup.events).toMatchObject([
    { surface: "message-batches", provider: "anthropic", costNano: null, flags: [batchFlag("msgbatch_stored1")] },
  ]);
  // Half of 15 dollars per million tokens of output, for 2,000 tokens, and some input; maybe in a region.
  expect(Number(setup.events[0]?.heldNano)).toBeGreaterThan(15_000_000);
  expect(Number(setup.events[0]?.heldNano)).toBeLessThan(19_000_000);
  const over = create({ custom_id: "a", params: params() });
  await expect(over).rejects.toMatchObject({ status: 402, error: { error: { code: "budget_exceeded" } } });
  expect(creations()).toHaveLength(1);
});

test.each<[string, object, string]>([
  ["without an id", { params: params() }, "requests[1].custom_id"],
  ["with an id that is not one", { custom_id: "a b", params: params() }, "requests[1].custom_id"],
  ["with the id of another", { custom_id: "a", params: params() }, "requests[1].custom_id"],
  ["without params", { custom_id: "b" }, "requests[1].params"],
  ["with params that are no object", { custom_id: "b", params: [] }, "requests[1].params"],
  ["with another field", { custom_id: "b", params: params(), url: "x" }, "requests[1].url"],
  ["with a forbidden field", { custom_id: "b", params: params({ api_key: "x" }) }, "requests[1].params.api_key"],
  ["that is streamed", { custom_id: "b", params: params({ stream: true }) }, "requests[1].params.stream"],
  ["of another model", { custom_id: "b", params: params({ model: "large" }) }, "requests[1].params.model"],
  ["without messages", { custom_id: "b", params: params({ messages: undefined }) }, "requests[1].params.messages"],
  ["that is not an object", [1], "requests[1]"],
])("a request %s is refused by its place, and nothing is sent", async (_what, bad, param) => {
  const refused = create({ custom_id: "a", params: params() }, bad);
  await expect(refused).rejects.toMatchObject({ status: 400, message: expect.stringContaining("requests[1]") });
  const answer = await setup.postTo("/v1/messages/batches", { requests: [{ custom_id: "a", params: params() }, bad] });
  expect(JSON.stringify(await answer.json())).toContain(param);
  expect(setup.provider.requests).toEqual([]);
});

test.each([
  ["no requests", {}],
  ["an empty list", { requests: [] }],
  ["no list", { requests: {} }],
  ["another field", { requests: [], model: "small" }],
  ["broken JSON", '{"requests":[{"custom_id":"a"'],
  ["requests twice", '{"requests":[],"requests":[]}'],
])("a body with %s is refused", async (_what, body) => {
  expect((await setup.postTo("/anthropic/v1/messages/batches", body)).status).toBe(400);
  expect(setup.provider.requests).toEqual([]);
});

test("guardrails see every request, and redact what is sent", async () => {
  const rule = {
    ...({ id: id(), name: "R", stage: "input", kind: "keyword", mode: "on" } as const),
    patterns: ["Hello"],
  };
  setup.change({ guardrails: [{ ...rule, action: "block", onFailure: "closed" }] });
  const quiet = params({ messages: [{ role: "user", content: "Hi" }] });
  await expect(create({ custom_id: "a", params: quiet }, { custom_id: "b", params: params() })).rejects.toMatchObject({
    ...{ status: 400, message: expect.stringContaining("requests[1]") },
  });
  expect(setup.events).toMatchObject([{ outcome: "refused", guardrails: [{ name: "R", count: 1 }] }]);
  setup.change({ guardrails: [{ ...rule, action: "redact", onFailure: "closed" }] });
  await create({ custom_id: "a", params: params() });
  expect(sent().requests[0].params.messages).toEqual([{ role: "user", content: "[redacted:R]" }]);
});

test("texts with brackets, quotes and large numbers arrive as they were sent", async () => {
  const content = 'a "]}{[\\" b \\';
  await create({ custom_id: "a", params: params({ messages: [{ role: "user", content }] }) });
  expect(sent().requests[0].params.messages[0].content).toBe(content);
  const big = JSON.stringify({ requests: [{ custom_id: "a", params: params() }] }).replace(
    '"max',
    '"top_k":12345678901234567890,"max',
  );
  await setup.postTo("/v1/messages/batches", big);
  expect(creations().at(-1)?.body.toString()).toContain("12345678901234567890");
});

test("batches of others are unknown before anything is sent", async () => {
  const batch = await create({ custom_id: "a", params: params() });
  const before = setup.provider.requests.length;
  setup.change({}, { id: id() });
  for (const unknown of [batch.id, "msgbatch_stored1", `${batch.id}A`]) {
    await expect(anthropic.messages.batches.retrieve(unknown)).rejects.toBeInstanceOf(NotFoundError);
    await expect(anthropic.messages.batches.cancel(unknown)).rejects.toBeInstanceOf(NotFoundError);
    await expect(anthropic.messages.batches.delete(unknown)).rejects.toBeInstanceOf(NotFoundError);
    await expect(anthropic.messages.batches.list({ after_id: unknown })).rejects.toBeInstanceOf(NotFoundError);
    expect((await setup.get(`/v1/messages/batches/${unknown}/results`)).status).toBe(404);
  }
  expect(setup.provider.requests).toHaveLength(before);
});

test("many requests are sent whole", async () => {
  const requests = Array.from({ length: 2_000 }, (_, at) => ({ custom_id: `r${at}`, params: params() }));
  await create(...requests);
  expect(sent().requests).toHaveLength(2_000);
});
