import type { MessageParam } from "@anthropic-ai/sdk/resources/messages";
import { status } from "@tollgate/testkit/provider-behaviour";
import { afterEach, beforeEach, expect, test } from "vitest";
import { chunks, delta, json, usage } from "./chat-answers.ts";
import { type MessagesSetup, openMessagesSetup } from "./messages-setup.ts";

let setup: MessagesSetup;

beforeEach(async () => {
  setup = await openMessagesSetup("openai");
});
afterEach(() => setup.close());

const hello: MessageParam = { role: "user", content: "Hi" };
const weather = { name: "weather", description: "Now", input_schema: { type: "object" as const } };

test("what only says how Anthropic serves a call is left out and named; a model that does not reason gets no effort", async () => {
  const response = await setup.say({
    system: [{ type: "text", text: "Be brief", cache_control: { type: "ephemeral" } }],
    tools: [{ ...weather, defer_loading: true }],
    thinking: { type: "adaptive" },
    output_config: { effort: "high" },
    context_management: { edits: [{ type: "clear_tool_uses_20250919" }] },
    service_tier: "auto",
  });
  expect(response.status).toBe(200);
  expect(response.headers.get("x-tollgate-ignored")?.split(", ").sort()).toEqual([
    "cache_control",
    "context_management",
    "service_tier",
    "thinking",
    "tools.defer_loading",
  ]);
  expect(JSON.stringify(setup.sent())).not.toMatch(/cache_control|reasoning/);
});

test.each([
  [{ tools: [{ type: "web_fetch_20250910", name: "web_fetch" }] }, "tools[0].type"],
  [{ tools: [{ type: "bash_20250124", name: "bash" }] }, "tools[0].type"],
  [{ mcp_servers: [{ type: "url", name: "x" }] }, "mcp_servers"],
  [{ container: { skills: [] } }, "container"],
  [{ messages: [{ role: "user", content: [{ type: "container_upload" }] }] }, "messages[0].content[0].type"],
  [
    { messages: [{ role: "user", content: [{ type: "document", source: { type: "file" } }] }] },
    "messages[0].content[0].source.type",
  ],
  [
    { messages: [{ role: "user", content: [{ type: "tool_result", tool_use_id: "none" }] }] },
    "messages[0].content[0].tool_use_id",
  ],
])("what the provider does not have is refused by name: %j", async (given, param) => {
  const response = await setup.say(given);
  expect([response.status, await response.json()]).toMatchObject([
    400,
    { type: "error", error: { type: "invalid_request_error", param } },
  ]);
  expect(setup.provider.requests).toHaveLength(0);
});

test("results of tools that Anthropic ran in earlier turns are left out and named", async () => {
  const content = [
    { type: "server_tool_use", id: "s1", name: "web_search", input: {} },
    { type: "web_search_tool_result", tool_use_id: "s1", content: [] },
    { type: "text", text: "Found." },
  ];
  const response = await setup.say({
    messages: [hello, { role: "assistant", content }, { role: "user", content: "And?" }],
  });
  expect(response.headers.get("x-tollgate-ignored")).toBe("server_tool_use, web_search_tool_result");
  expect(setup.sent()).toMatchObject({ messages: [{}, { role: "assistant", content: "Found." }, {}] });
});

test.each([
  ["length", "max_tokens"],
  ["content_filter", "refusal"],
  ["eos", "end_turn"],
])("finish reason %s is %s", async (finish, expected) => {
  setup.provider.script(json({ choices: [{ message: { content: "x" }, finish_reason: finish }], usage }));
  expect(await (await setup.say()).json()).toMatchObject({ stop_reason: expected });
});

test("an empty finish reason is no end", async () => {
  setup.provider.script(chunks(delta({ content: "Hel" }), delta({}, ""), "[DONE]"));
  const text = await (await setup.say({ stream: true })).text();
  expect(text).toMatch(/event: error\n.*bad_upstream_response/);
  expect(text).not.toContain("message_stop");
});

test("errors of the provider have Anthropic's format, before the stream and in it", async () => {
  setup.provider.script(
    status(400, { message: "Bad tool" }),
    status(429, { headers: { "retry-after": "7" } }),
    status(429),
  );
  const refused = await setup.say();
  expect([refused.status, await refused.json()]).toMatchObject([400, { error: { message: "Bad tool" } }]);
  const limited = await setup.say();
  expect([limited.status, await limited.json()]).toMatchObject([429, { error: { type: "rate_limit_error" } }]);
});

test.each([[{ error: { message: "Overloaded", code: 503 } }], [{ error: "Overloaded", choices: [] }]])(
  "an error inside a stream ends it, after usage: %j",
  async (error) => {
    setup.provider.script(chunks({ ...delta({ content: "Hel" }), usage }, error));
    const text = await (await setup.say({ stream: true })).text();
    expect(text).toMatch(/event: error\ndata: .*upstream_error/);
    expect(text).not.toContain("message_stop");
    expect(setup.events[0]).toMatchObject({ outcome: "failed", use: { input: 20 } });
  },
);

test.each([
  ["openai", ["system", "user", "system", "user"]],
  ["vllm", ["system", "user", "user"]],
] as const)(
  "system messages within a conversation keep their place if the provider %s takes them",
  async (id, roles) => {
    const credentials = setup.org.credentials.map((each) => ({ ...each, provider: id }));
    setup.change({ credentials });
    await setup.say({ system: "Be brief.", messages: [hello, { role: "system", content: "Now rhyme." }, hello] });
    const { messages } = setup.sent() as { messages: { role: string; content: string }[] };
    expect(messages.map(({ role }) => role)).toEqual(roles);
    if (id === "vllm") expect(messages[0]?.content).toBe("Be brief.\n\nNow rhyme.");
  },
);
