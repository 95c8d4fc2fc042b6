import { answer, splintered } from "@tollgate/testkit/provider-behaviour";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type BedrockSetup, CLAUDE, openBedrockSetup } from "./bedrock-setup.ts";

let setup: BedrockSetup;
beforeEach(async () => {
  setup = await openBedrockSetup();
});
afterEach(() => setup.close());

const usage = { input: 120, output: 30, cacheRead: 60, cacheWrite: 20 };
const said = answer({ text: "It is noon.", usage });
const called = answer({
  text: "Let me see.",
  usage,
  toolCalls: [
    { name: "time", arguments: { city: "Łódź" } },
    { name: "ping", arguments: {} },
  ],
});

const schema = { type: "object" as const, properties: { city: { type: "string" } } };
const chatTools = ["time", "ping"].map((name) => ({
  type: "function" as const,
  function: { name, parameters: schema },
}));
const CALLS = [
  ["time", '{"city":"Łódź"}'],
  ["ping", "{}"],
];

it("OpenAI's SDK chats with Bedrock: text, and calls with and without arguments", async () => {
  setup.provider.script(said, called);
  const messages = [
    { role: "system" as const, content: "Be brief." },
    { role: "user" as const, content: "What time is it?" },
  ];
  const text = await setup.openai.chat.completions.create({ model: "small", messages, max_tokens: 100 });
  expect(text.choices[0]).toMatchObject({ finish_reason: "stop", message: { content: "It is noon." } });
  expect(text.usage).toMatchObject({
    ...{ prompt_tokens: 120, completion_tokens: 30 },
    prompt_tokens_details: { cached_tokens: 60 },
  });
  const calls = await setup.openai.chat.completions.create({ model: "small", messages, tools: chatTools });
  expect(calls.choices[0]?.finish_reason).toBe("tool_calls");
  expect(
    calls.choices[0]?.message.tool_calls?.map((call) =>
      call.type === "function" ? [call.function.name, call.function.arguments] : call,
    ),
  ).toEqual(CALLS);
  expect(setup.provider.requests[0]?.path).toBe(`/model/${encodeURIComponent(CLAUDE)}/converse`);
  expect(setup.sent()).toMatchObject({
    system: [{ text: "Be brief." }],
    messages: [{ role: "user", content: [{ text: "What time is it?" }] }],
    inferenceConfig: { maxTokens: 100 },
  });
  expect(setup.events).toMatchObject([
    { provider: "bedrock", source: "provider", use: { input: 120, cacheRead: 60, cacheWrite5m: 20, output: 30 } },
    {},
  ]);
});

it.each([1, 7, 65_536])("OpenAI's SDK streams from Bedrock, cut into writes of %d bytes", async (bytesMax) => {
  setup.provider.script(splintered(bytesMax, called));
  const stream = setup.openai.chat.completions.stream({
    ...{ model: "small", tools: chatTools, stream_options: { include_usage: true } },
    messages: [{ role: "user", content: "What time is it?" }],
  });
  const { choices, usage: reported } = await stream.finalChatCompletion();
  expect(choices[0]).toMatchObject({ finish_reason: "tool_calls", message: { content: "Let me see." } });
  const calls = choices[0]?.message.tool_calls ?? [];
  expect(calls.map((call) => call.type === "function" && [call.function.name, call.function.arguments])).toEqual(CALLS);
  expect(reported).toMatchObject({ prompt_tokens: 120, completion_tokens: 30 });
  expect(setup.provider.requests[0]?.path).toBe(`/model/${encodeURIComponent(CLAUDE)}/converse-stream`);
  expect(setup.events).toMatchObject([{ status: 200, use: { input: 120, cacheRead: 60, cacheWrite5m: 20 } }]);
});

it("OpenAI's SDK gets responses from Bedrock", async () => {
  setup.provider.script(said, called);
  const text = await setup.openai.responses.create({ model: "small", input: "What time is it?", store: false });
  expect(text).toMatchObject({ status: "completed", output_text: "It is noon.", usage: { input_tokens: 120 } });
  const tools = ["time", "ping"].map((name) => ({
    ...{ type: "function" as const, name, parameters: schema, strict: false },
  }));
  const stream = setup.openai.responses.stream({ model: "small", input: "?", store: false, tools });
  const { output } = await stream.finalResponse();
  expect(output.flatMap((item) => (item.type === "function_call" ? [[item.name, item.arguments]] : []))).toEqual(CALLS);
});

it("Anthropic's SDK sends messages to Bedrock", async () => {
  setup.provider.script(said, called);
  const ask = { model: "small", max_tokens: 100, messages: [{ role: "user" as const, content: "What time is it?" }] };
  const text = await setup.anthropic.messages.create(ask);
  expect(text).toMatchObject({
    ...{ stop_reason: "end_turn", content: [{ type: "text", text: "It is noon." }] },
    usage: { input_tokens: 40, cache_read_input_tokens: 60, cache_creation_input_tokens: 20, output_tokens: 30 },
  });
  const tools = ["time", "ping"].map((name) => ({ name, input_schema: schema }));
  const streamed = await setup.anthropic.messages.stream({ ...ask, tools }).finalMessage();
  expect(streamed).toMatchObject({
    stop_reason: "tool_use",
    content: [
      { type: "text", text: "Let me see." },
      { type: "tool_use", name: "time", input: { city: "Łódź" } },
      { type: "tool_use", name: "ping", input: {} },
    ],
  });
});

it("Google's SDK generates content with Bedrock", async () => {
  setup.provider.script(said, called);
  const text = await setup.google.models.generateContent({ model: "small", contents: "What time is it?" });
  expect(text.text).toBe("It is noon.");
  expect(text.usageMetadata).toMatchObject({
    promptTokenCount: 120,
    cachedContentTokenCount: 60,
    candidatesTokenCount: 30,
  });
  const functionDeclarations = ["time", "ping"].map((name) => ({ name, parametersJsonSchema: schema }));
  const config = { tools: [{ functionDeclarations }] };
  const calls: unknown[] = [];
  for await (const chunk of await setup.google.models.generateContentStream({
    model: "small",
    contents: "?",
    config,
  })) {
    calls.push(...(chunk.functionCalls ?? []).map(({ name, args }) => [name, JSON.stringify(args)]));
  }
  expect(calls).toEqual(CALLS);
});
