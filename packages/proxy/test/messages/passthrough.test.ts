import { answer, cutAfter, raw, status } from "@tollgate/testkit/provider-behaviour";
import { afterEach, beforeEach, expect, test } from "vitest";
import { PROVIDER_SECRET } from "../setup.ts";
import { type MessagesSetup, openMessagesSetup, say } from "./messages-setup.ts";

let setup: MessagesSetup;

beforeEach(async () => {
  setup = await openMessagesSetup();
});
afterEach(() => setup.close());

const weather = {
  name: "weather",
  input_schema: { type: "object" as const, properties: { base_url: { type: "string" } } },
};

test.each([["/v1/messages"], ["/anthropic/v1/messages"]])("%s: bytes pass both ways", async (path) => {
  const text = `{ "model":"small", "max_tokens":64,"seed":12345678901234567890,"messages":[{"role":"user","content":"Hi"}],"betas_field" : 1.0 }`;
  const response = await setup.postTo(path, text);
  const [seen] = setup.provider.requests;
  expect(await response.text()).toBe(seen?.sent.toString());
  expect(seen?.body.toString()).toBe(text.replace('"small"', '"claude-sonnet-4-6"'));
  expect(seen?.path).toBe("/v1/messages");
  expect(response.headers.get("x-tollgate-provider")).toBe("anthropic");
  expect(Number(response.headers.get("x-tollgate-cost-usd"))).toBeGreaterThan(0);
});

test("the client's version and betas pass; its key and its other headers do not", async () => {
  await setup.postTo("/v1/messages?beta=true&base_url=x", say(), {
    "anthropic-version": "2024-01-01",
    "anthropic-beta": "context-1m-2025-08-07,files-api-2025-04-14",
    "anthropic-dangerous-direct-browser-access": "true",
  });
  const [seen] = setup.provider.requests;
  expect(seen?.path).toBe("/v1/messages?beta=true");
  expect(seen?.headers).toMatchObject({
    "anthropic-version": "2024-01-01",
    "anthropic-beta": "context-1m-2025-08-07,files-api-2025-04-14",
    "x-api-key": PROVIDER_SECRET,
  });
  expect(seen?.headers).not.toHaveProperty("anthropic-dangerous-direct-browser-access");
  expect(JSON.stringify(seen?.headers)).not.toContain(setup.key);
});

test("the official SDK: text, tools, and a stream of both", async () => {
  const toolCalls = [{ name: "weather", arguments: { base_url: "x" } }];
  setup.provider.script(answer({ text: "Hello." }), answer({ toolCalls }), answer({ text: "I look.", toolCalls }));
  const ask = { model: "small", max_tokens: 64, messages: [{ role: "user" as const, content: "Hi" }] };
  expect((await setup.anthropic.messages.create(ask)).content).toMatchObject([{ type: "text", text: "Hello." }]);
  const called = await setup.anthropic.messages.create({ ...ask, tools: [weather] });
  expect(called).toMatchObject({ stop_reason: "tool_use", content: [{ type: "tool_use", input: { base_url: "x" } }] });
  const result = { type: "tool_result" as const, tool_use_id: "toolu_2_0", content: "Sunny" };
  const messages = [
    ...ask.messages,
    { role: "assistant" as const, content: called.content },
    { role: "user" as const, content: [result] },
  ];
  const streamed = await setup.anthropic.messages.stream({ ...ask, messages, tools: [weather] }).finalMessage();
  expect(streamed.content).toMatchObject([
    { type: "text", text: "I look." },
    { type: "tool_use", name: "weather", input: { base_url: "x" } },
  ]);
  expect(streamed.stop_reason).toBe("tool_use");
});

test("usage of every unit is recorded, and the last usage block of a stream has the cost", async () => {
  const usage = { input: 1_000, output: 50, cacheRead: 600, cacheWrite: 200 };
  setup.provider.script(answer({ text: "Hi.", usage }));
  const text = await (await setup.say({ stream: true })).text();
  expect(setup.events[0]).toMatchObject({
    outcome: "complete",
    source: "provider",
    use: { input: 1_000, output: 50, cacheRead: 600, cacheWrite5m: 200 },
  });
  const [, delta] = /event: message_delta\ndata: (.*)\n/.exec(text) ?? [];
  const shown = JSON.parse(String(delta)).usage.cost_usd;
  expect(shown).toBeCloseTo(Number(setup.events[0]?.costNano) / 1e9, 12);
  // Everything else is what the provider sent.
  expect(text.replace(/,"cost_usd":[\d.]+/, "")).toBe(setup.provider.requests[0]?.sent.toString());
});

test.each([
  ["user_0123456789abcdef0123456789abcdef_account_1_session_2", "user_0123456789abcdef0123456789abcdef"],
  [JSON.stringify({ device_id: "d1", session_id: "s" }), "d1"],
  ["customer-7", "customer-7"],
  ["x".repeat(200), expect.stringMatching(/^[0-9a-f]{64}$/)],
])("metadata.user_id %s is the end user", async (id, expected) => {
  await setup.say({ metadata: { user_id: id } });
  expect(setup.events[0]?.endUser).toEqual(expected);
  expect(setup.sent()).toMatchObject({ metadata: { user_id: id } });
});

test("thoughts that another provider signed are not sent to Anthropic, nor metadata in ids", async () => {
  const carried = `tgm1.${Buffer.from('{"google":{"thoughtSignature":"x"}}').toString("base64url")}`;
  const id = `call_1__tgm1_${Buffer.from('{"google":{"thoughtSignature":"x"}}').toString("base64url")}`;
  const own = { type: "thinking", thinking: "Hm", signature: "EqQB" };
  const messages = [
    { role: "user", content: "Hi" },
    {
      role: "assistant",
      content: [
        own,
        { type: "thinking", thinking: "Foreign", signature: carried },
        { type: "tool_use", id, name: "weather", input: {} },
      ],
    },
    { role: "user", content: [{ type: "tool_result", tool_use_id: id, content: "Sunny" }] },
  ];
  await setup.say({ messages });
  expect(setup.sent().messages).toEqual([
    { role: "user", content: "Hi" },
    { role: "assistant", content: [own, { type: "tool_use", id: "call_1", name: "weather", input: {} }] },
    { role: "user", content: [{ type: "tool_result", tool_use_id: "call_1", content: "Sunny" }] },
  ]);
});

test("citations of another provider's answer are not sent to Anthropic", async () => {
  const cited = (encrypted_index: string) => ({
    type: "web_search_result_location",
    url: "https://a.test/",
    title: "A",
    cited_text: "",
    encrypted_index,
  });
  const content = [
    { type: "text", text: "Foreign", citations: [cited("tgm1.")] },
    { type: "text", text: "Both", citations: [cited("tgm1."), cited("EqQB")] },
  ];
  const user = { role: "user", content: "Hi" };
  await setup.say({ messages: [user, { role: "assistant", content }, user] });
  expect(setup.sent().messages).toEqual([
    user,
    {
      role: "assistant",
      content: [
        { type: "text", text: "Foreign" },
        { type: "text", text: "Both", citations: [cited("EqQB")] },
      ],
    },
    user,
  ]);
});

test.each([
  [{ max_tokens: undefined }, "missing_required_parameter", "max_tokens"],
  [{ messages: [{ role: "tool", content: "x" }] }, "invalid_value", "messages[0].role"],
  [{ messages: [{ role: "user", content: [{ text: "x" }] }] }, "invalid_type", "messages[0].content[0]"],
  [{ system: 7 }, "invalid_type", "system"],
  [{ base_url: "http://x" }, "forbidden_parameter", "base_url"],
])("a bad request names its field in Anthropic's format: %j", async (given, code, param) => {
  const response = await setup.say(given);
  expect(response.status).toBe(400);
  const body = (await response.json()) as { request_id: string };
  expect(body).toMatchObject({ type: "error", error: { type: "invalid_request_error", code, param } });
  expect(body.request_id).toBe(response.headers.get("x-tollgate-request-id"));
  expect(setup.provider.requests).toHaveLength(0);
});

test("names in the input of a tool are data, so any is allowed", async () => {
  const input = { base_url: "http://x", headers: {} };
  const content = [{ type: "tool_use", id: "toolu_1", name: "get", input }];
  const messages = [
    { role: "user", content: "Hi" },
    { role: "assistant", content },
  ];
  expect((await setup.say({ messages })).status).toBe(200);
});

test("errors before the first byte have Anthropic's types", async () => {
  const fetched = await fetch(`${setup.url}/v1/messages`, { method: "POST", body: "{}" });
  expect([fetched.status, await fetched.json()]).toMatchObject([401, { error: { type: "authentication_error" } }]);
  const unknown = await setup.say({ model: "none" });
  expect([unknown.status, await unknown.json()]).toMatchObject([404, { error: { type: "not_found_error" } }]);
  const wrong = await setup.get("/v1/messages");
  expect([wrong.status, wrong.headers.get("allow"), await wrong.json()]).toMatchObject([
    405,
    "POST, OPTIONS",
    { type: "error" },
  ]);
  setup.provider.script(status(400, { message: "max_tokens: too large" }));
  const refused = await setup.say();
  expect([refused.status, await refused.json()]).toMatchObject([
    400,
    { error: { type: "invalid_request_error", message: "max_tokens: too large" } },
  ]);
  setup.provider.script(status(529), status(529));
  const overloaded = await setup.say({ stream: true });
  expect([overloaded.status, await overloaded.json()]).toMatchObject([502, { error: { type: "api_error" } }]);
});

const ERROR = { type: "error", error: { type: "overloaded_error", message: "Overloaded" } };
const start = { type: "message_start", message: { usage: { input_tokens: 7, output_tokens: 1 }, content: [] } };
const block = { type: "content_block_start", index: 0, content_block: { type: "text", text: "Hi" } };
const frames = (...events: { type: string }[]) =>
  events.map((each) => `event: ${each.type}\ndata: ${JSON.stringify(each)}\n\n`);

test("an error inside a stream, and a stream without an end, end with an error event", async () => {
  setup.provider.script(raw(frames(start, block, ERROR)), cutAfter(4, "end"));
  for (const code of ["upstream_error", "bad_upstream_response"]) {
    const text = await (await setup.say({ stream: true })).text();
    const last = text.trimEnd().split("\n\n").at(-1) ?? "";
    expect(last).toMatch(/^event: error\ndata: /);
    expect(JSON.parse(last.split("\ndata: ")[1] ?? "")).toMatchObject({ type: "error", error: { code } });
    expect(text).not.toContain("message_stop");
  }
  expect(setup.events.map(({ outcome }) => outcome)).toEqual(["failed", "failed"]);
  const failing = setup.anthropic.messages.stream({
    model: "small",
    max_tokens: 9,
    messages: [{ role: "user", content: "Hi" }],
  });
  setup.provider.script(raw(frames(start, block, ERROR)));
  await expect(failing.finalMessage()).rejects.toThrow(/status 529/);
});

test("models and their errors have Anthropic's format for its SDK", async () => {
  expect((await setup.anthropic.models.list()).data).toMatchObject([{ id: "small", type: "model" }]);
  await expect(setup.anthropic.models.retrieve("none")).rejects.toMatchObject({
    status: 404,
    error: { type: "error", error: { type: "not_found_error" } },
  });
});

test("any server with Anthropic's format can be a provider, by its base URL", async () => {
  await setup.close();
  setup = await openMessagesSetup("anthropic-compatible");
  const response = await setup.say();
  expect([response.status, response.headers.get("x-tollgate-provider")]).toEqual([200, "anthropic-compatible"]);
  expect(await response.text()).toBe(setup.provider.requests[0]?.sent.toString());
  expect((await setup.post({ model: "small", messages: say().messages })).status).toBe(200);
});
