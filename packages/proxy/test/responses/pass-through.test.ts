import { answer, cutAfter, raw, status } from "@tollgate/testkit/provider-behaviour";
import { APIError, BadRequestError, RateLimitError } from "openai";
import { afterAll, beforeAll, expect, test } from "vitest";
import { events, openResponsesSetup, type ResponsesSetup, response } from "./responses-setup.ts";

let setup: ResponsesSetup;

beforeAll(async () => {
  setup = await openResponsesSetup();
});
afterAll(() => setup.close());

const message = (text: string, index = 0) => ({
  type: "message",
  id: `msg_${index}`,
  role: "assistant",
  status: "completed",
  content: [{ type: "output_text", text, annotations: [] }],
});

const tools = [{ type: "function" as const, name: "weather", strict: false, parameters: { type: "object" } }];

test("a response, with its usage", async () => {
  setup.provider.script(answer({ text: "Hello!", usage: { input: 30, output: 20, cacheRead: 10, reasoning: 5 } }));
  const made = await setup.openai.responses.create({ model: "small", instructions: "Be short.", input: "Hi" });
  expect(made.output_text).toBe("Hello!");
  expect(made.usage).toMatchObject({ input_tokens: 30, output_tokens: 20 });
  expect(setup.provider.requests.at(-1)?.path).toBe("/v1/responses");
  expect(setup.sent()).toEqual({ model: "gpt-4o-mini", instructions: "Be short.", input: "Hi" });
  expect(setup.events.at(-1)).toMatchObject({
    ...{ outcome: "complete", status: 200, source: "provider" },
    use: { input: 30, output: 20, cacheRead: 10, reasoning: 5 },
  });
});

test("a stream, as events and with the SDK's helper", async () => {
  setup.provider.script(answer({ text: "one two three" }));
  const types: string[] = [];
  for await (const event of await setup.openai.responses.create({ model: "small", input: "Hi", stream: true })) {
    types.push(event.type);
  }
  expect([types[0], types.at(-1)]).toEqual(["response.created", "response.completed"]);
  setup.provider.script(answer({ text: "one two three" }));
  const done = await setup.openai.responses.stream({ model: "small", input: "Hi" }).finalResponse();
  expect(done.output_text).toBe("one two three");
  expect(setup.events.at(-1)).toMatchObject({ outcome: "complete", source: "provider" });
});

test("tools, whole and streamed", async () => {
  const call = { type: "function_call", name: "weather", arguments: '{"city":"Bern"}' };
  for (const stream of [false, true]) {
    setup.provider.script(answer({ toolCalls: [{ name: "weather", arguments: { city: "Bern" } }] }));
    const params = { model: "small", input: "Weather?", tools };
    const made = stream
      ? await setup.openai.responses.stream(params).finalResponse()
      : await setup.openai.responses.create(params);
    expect(made.output).toMatchObject([call]);
  }
});

test("a JSON schema for the answer", async () => {
  setup.provider.script(answer({ text: '{"city":"Bern"}' }));
  const schema = { type: "object", properties: { api_key: { type: "string" } }, additionalProperties: false };
  const made = await setup.openai.responses.parse({
    model: "small",
    input: "City?",
    text: { format: { type: "json_schema", name: "city", schema } },
  });
  expect(made.output_parsed).toEqual({ city: "Bern" });
  expect(setup.sent()).toMatchObject({ text: { format: { schema } } });
});

test("every event passes byte for byte: reasoning, hosted tools, custom tools, unknown events", async () => {
  const search = { type: "web_search_call", id: "ws_1", status: "completed", action: { type: "search", query: "x" } };
  const opened = { ...search, id: "ws_2", action: { type: "open_page", url: "https://example.com" } };
  const custom = { type: "custom_tool_call", id: "ct_1", call_id: "c1", name: "sql", input: "SELECT 1" };
  const output = [search, opened, custom, message("Grüezi")];
  const body = events(
    { type: "response.created", response: response({ status: "in_progress", usage: null }) },
    { type: "response.reasoning_summary_text.delta", output_index: 0, summary_index: 0, delta: "**Thinking**" },
    ...output.map((item, output_index) => ({ type: "response.output_item.done", output_index, item })),
    { type: "response.made_up", note: 1 },
    { type: "response.completed", response: response({ output }) },
  );
  setup.provider.script(raw([body]));
  const made = await setup.respond({ input: "Hi", stream: true, metadata: { a: "b" } });
  const withoutCost = (await made.text()).replace(/,"cost_usd":[\d.]+/, "");
  expect(withoutCost.replace(/resp_tg[\w-]+/g, "resp_1")).toBe(body);
  expect(setup.events.at(-1)).toMatchObject({ use: { input: 30, output: 20, searches: 1 }, source: "provider" });
});

test("usage of a response that ends early, and of one that fails after usage", async () => {
  const incomplete = { status: "incomplete", incomplete_details: { reason: "max_output_tokens" } };
  setup.provider.script(raw([events({ type: "response.incomplete", response: response(incomplete) })]));
  await (await setup.respond({ input: "Hi", stream: true })).text();
  expect(setup.events.at(-1)).toMatchObject({ outcome: "complete", use: { input: 30, output: 20 } });
  const error = { code: "server_error", message: "The model failed." };
  const failed = response({ status: "failed", error });
  const delta = { type: "response.output_text.delta", output_index: 0, content_index: 0, delta: "Hel" };
  setup.provider.script(
    raw([events(delta, { type: "error", ...error }), events({ type: "response.failed", response: failed })]),
  );
  const text = await (await setup.respond({ input: "Hi", stream: true })).text();
  expect(text).toMatch(/event: error\ndata: .*\n\nevent: response.failed\ndata: .*\n\n$/s);
  expect(setup.events.at(-1)).toMatchObject({ outcome: "failed", use: { input: 30, output: 20 }, source: "provider" });
});

test("a stream begins for the client with the first item, although reasoning may be encrypted and have no text", async () => {
  const created = events({ type: "response.created", response: response({ status: "in_progress" }) });
  const item = { type: "reasoning", id: "rs_1", summary: [] };
  const added = events({ type: "response.output_item.added", output_index: 0, item });
  setup.provider.script(cutAfter(2, "stall", raw([created, added])));
  const made = await setup.openai.responses.create({ model: "small", input: "Hi", stream: true });
  const seen: string[] = [];
  for await (const { type } of made) if (seen.push(type) === 2) break;
  expect(seen).toEqual(["response.created", "response.output_item.added"]);
});

test("a picture of two megabytes passes, in the item and in the last event, and its usage is read", async () => {
  const picture = { type: "image_generation_call", id: "ig_1", status: "completed", result: "A".repeat(2_000_000) };
  const search = { type: "web_search_call", id: "ws_1", status: "completed", action: { type: "search", query: "x" } };
  const output = [search, picture];
  const added = { type: "response.output_item.added", output_index: 0, item: { ...search, status: "in_progress" } };
  const done = output.map((item, output_index) => ({ type: "response.output_item.done", output_index, item }));
  const body = events(added, ...done, { type: "response.completed", response: response({ output }) });
  setup.provider.script(raw([body]));
  const text = await (await setup.respond({ input: "Draw", stream: true })).text();
  expect(text.replace(/,"cost_usd":[\d.]+/, "").replace(/resp_tg1[\w-]+/g, "resp_1") === body).toBe(true);
  expect(setup.events.at(-1)).toMatchObject({ outcome: "complete", use: { input: 30, output: 20, searches: 1 } });
});

test("the prefixes of the family lead to the same surface", async () => {
  for (const path of ["/openai/v1/responses", "/openai/responses"]) {
    setup.provider.script(answer({ text: "Hello!" }));
    const headers = { authorization: `Bearer ${setup.key}`, "content-type": "application/json" };
    const body = JSON.stringify({ model: "small", input: "Hi" });
    expect((await fetch(setup.url + path, { method: "POST", headers, body })).status).toBe(200);
  }
  expect((await setup.get("/openai/v1/models")).status).toBe(200);
  expect((await setup.get("/openai/models/small")).status).toBe(200);
});

test("errors are the SDK's own, before the answer and within a stream", async () => {
  const create = (stream: boolean) => setup.openai.responses.create({ model: "small", input: "Hi", stream });
  setup.provider.script(status(400, { message: "Unsupported parameter: 'top_p'." }));
  await expect(create(false)).rejects.toBeInstanceOf(BadRequestError);
  setup.provider.script(status(429, { headers: { "retry-after": "60" } }));
  await expect(create(true)).rejects.toBeInstanceOf(RateLimitError);
  const delta = { type: "response.output_text.delta", output_index: 0, content_index: 0, delta: "Hel" };
  setup.provider.script(raw([events(delta)]));
  const reading = async () => {
    const stream = await setup.openai.responses.create({ model: "small", input: "Hi", stream: true });
    for await (const event of stream) void event;
  };
  await expect(reading()).rejects.toBeInstanceOf(APIError);
});

test.each([
  ["input", {}],
  ["input[1]", { input: [{ role: "user", content: "a" }, 7] }],
  ["input[0].role", { input: [{ type: "message", content: "a" }] }],
  ["input[0].content", { input: [{ role: "user", content: 7 }] }],
  ["instructions", { input: "a", instructions: ["b"] }],
  ["max_output_tokens", { input: "a", max_output_tokens: 0 }],
  ["background", { input: "a", background: true }],
  ["conversation", { input: "a", conversation: "conv_1" }],
  ["models", { input: "a", models: ["b"] }],
  ["user", { input: "a", user: "x".repeat(129) }],
])("%s is refused by name", async (param, body) => {
  const refused = await setup.respond(body);
  expect(refused.status).toBe(400);
  expect(await refused.json()).toMatchObject({ error: { param } });
});
