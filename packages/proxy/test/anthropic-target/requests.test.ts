import { answer } from "@tollgate/testkit/provider-behaviour";
import { afterEach, expect, it } from "vitest";
import { ask } from "../setup.ts";
import { type AnthropicSetup, openAnthropicSetup } from "./anthropic-setup.ts";

let setup: AnthropicSetup;
afterEach(() => setup.close());

const user = (content: unknown) => ({ messages: [{ role: "user", content }] });
const call = { id: "c1", type: "function", function: { name: "f", arguments: "{}" } };

it.each<[string, object]>([
  ["n", { n: 2 }],
  ["logprobs", { logprobs: true }],
  ["top_logprobs", { top_logprobs: 2 }],
  ["logit_bias", { logit_bias: { 50256: -100 } }],
  ["frequency_penalty", { frequency_penalty: 0.5 }],
  ["presence_penalty", { presence_penalty: 1 }],
  ["modalities", { modalities: ["text", "audio"] }],
  ["audio", { audio: { voice: "alloy", format: "wav" } }],
  ["functions", { functions: [{ name: "f" }] }],
  ["something_new", { something_new: { deep: true } }],
  ["stop", { stop: [1] }],
  ["reasoning_effort", { reasoning_effort: "much" }],
  ["response_format.type", { response_format: { type: "grammar" } }],
  ["tools[0].type", { tools: [{ type: "custom", custom: { name: "f" } }] }],
  ["tool_choice.type", { tool_choice: { type: "allowed_tools", allowed_tools: {} } }],
  ["messages[0].content[0].type", user([{ type: "input_audio", input_audio: { data: "AAAA", format: "wav" } }])],
  ["messages[0].content[0].image_url.url", user([{ type: "image_url", image_url: { url: "file:///etc/passwd" } }])],
  ["messages[0].content[0].image_url.url", user([{ type: "image_url", image_url: { url: "data:image/png,raw" } }])],
  ["messages[0].content[0].file.file_id", user([{ type: "file", file: {} }])],
  ["messages[0].tool_call_id", { messages: [{ role: "tool", tool_call_id: "c9", content: "x" }] }],
  [
    "messages[0].tool_calls[0].function.arguments",
    { messages: [{ role: "assistant", tool_calls: [{ ...call, function: { name: "f", arguments: "{" } }] }] },
  ],
])("%s is refused by name and not left out", async (param, fields) => {
  setup = await openAnthropicSetup();
  const response = await setup.post(ask(fields as Record<string, unknown>));
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ error: { param } });
  expect(setup.provider.requests).toHaveLength(0);
  expect(setup.events).toMatchObject([{ status: 400, costNano: "0" }]);
});

it("accepts parameters with their default values, and names those that the provider does not get", async () => {
  setup = await openAnthropicSetup();
  const neutral = {
    n: 1,
    logprobs: false,
    top_logprobs: 0,
    logit_bias: {},
    modalities: ["text"],
    stop: null,
    tools: [],
  };
  const hints = {
    store: true,
    metadata: { a: "b" },
    service_tier: "auto",
    presence_penalty: 0,
    frequency_penalty: null,
  };
  const response = await setup.post(ask({ ...neutral, ...hints }));
  expect(response.status).toBe(200);
  expect(response.headers.get("x-tollgate-ignored")).toBe("store, metadata, service_tier");
});

it("reports which parameters the model cannot get", async () => {
  setup = await openAnthropicSetup();
  for (const stream of [false, true]) {
    const response = await setup.post(ask({ seed: 1, temperature: 1.5, stream }));
    expect([response.status, response.headers.get("x-tollgate-ignored")]).toEqual([200, "seed, temperature"]);
    await response.text();
  }
});

it("keeps thinking within the requested and held bound", async () => {
  setup = await openAnthropicSetup("claude-sonnet-4-5");
  const effort = (maxTokens: number) => setup.post(ask({ reasoning_effort: "high", max_completion_tokens: maxTokens }));
  await (await effort(10_000)).text();
  expect(setup.sent(1)).toMatchObject({ max_tokens: 10_000, thinking: { type: "enabled", budget_tokens: 6_000 } });
  const small = await effort(1_000);
  expect(small.headers.get("x-tollgate-ignored")).toBe("reasoning_effort");
  expect(setup.sent(2)).toMatchObject({ max_tokens: 1_000 });
  expect(setup.sent(2)).not.toHaveProperty("thinking");
});

it("does not enable thinking if the model's earlier thoughts are missing", async () => {
  setup = await openAnthropicSetup("claude-sonnet-4-5");
  const messages = [
    { role: "user", content: "?" },
    { role: "assistant", content: null, tool_calls: [call] },
    { role: "tool", tool_call_id: "c1", content: "!" },
  ];
  const tools = [{ type: "function", function: { name: "f" } }];
  await (await setup.post(ask({ messages, tools, reasoning_effort: "low", max_tokens: 9_000 }))).text();
  expect(setup.sent()).not.toHaveProperty("thinking");
  expect(setup.sent()).toMatchObject({ max_tokens: 9_000 });
});

it("offers JSON mode for a provider without one", async () => {
  setup = await openAnthropicSetup();
  setup.provider.script(answer({ toolCalls: [{ name: "json", arguments: { any: "thing" } }] }));
  const response = await setup.post(ask({ response_format: { type: "json_object" } }));
  const { choices } = (await response.json()) as { choices: { message: { content: string }; finish_reason: string }[] };
  expect(JSON.parse(choices[0]?.message.content ?? "")).toEqual({ any: "thing" });
  expect(choices[0]?.finish_reason).toBe("stop");
});

it("keeps the cache markers of a prompt", async () => {
  setup = await openAnthropicSetup();
  const cached = { cache_control: { type: "ephemeral", ttl: "1h" } };
  const messages = [
    {
      role: "system",
      content: [
        { type: "text", text: "Rules" },
        { type: "text", text: "Handbook", ...cached },
      ],
    },
    { role: "user", content: [{ type: "text", text: "Hi", cache_control: { type: "ephemeral" } }] },
  ];
  const tools = [{ type: "function", function: { name: "f" }, ...cached }];
  expect((await setup.post(ask({ messages, tools }))).status).toBe(200);
  expect(setup.sent()).toMatchObject({
    system: [{ text: "Rules" }, { text: "Handbook", ...cached }],
    messages: [{ content: [{ text: "Hi", cache_control: { type: "ephemeral" } }] }],
    tools: [cached],
  });
});

it("omits an empty assistant message", async () => {
  setup = await openAnthropicSetup();
  const messages = [
    { role: "user", content: "a" },
    { role: "assistant", content: "" },
    { role: "user", content: "b" },
  ];
  expect((await setup.post(ask({ messages }))).status).toBe(200);
  expect(setup.sent().messages).toMatchObject([{ role: "user", content: [{ text: "a" }, { text: "b" }] }]);
});
