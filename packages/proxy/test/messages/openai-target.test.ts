import type { MessageParam } from "@anthropic-ai/sdk/resources/messages";
import { answer } from "@tollgate/testkit/provider-behaviour";
import { afterEach, beforeEach, expect, test } from "vitest";
import { chunks, delta, json, usage } from "./chat-answers.ts";
import { type MessagesSetup, openMessagesSetup } from "./messages-setup.ts";

let setup: MessagesSetup;

beforeEach(async () => {
  setup = await openMessagesSetup("openai");
});
afterEach(() => setup.close());

const ask = (...messages: MessageParam[]) => ({ model: "small", max_tokens: 64, messages });
const hello: MessageParam = { role: "user", content: "Hi" };
const weather = { name: "weather", description: "Now", input_schema: { type: "object" as const } };

test("a whole conversation: system, sampling, tools, results and their order", async () => {
  setup.provider.script(answer({ toolCalls: [{ name: "weather", arguments: { city: "Oslo" } }] }));
  const first = await setup.anthropic.messages.create({
    ...ask(hello),
    system: [
      { type: "text", text: "Be brief." },
      { type: "text", text: "In English." },
    ],
    tools: [weather],
    tool_choice: { type: "any", disable_parallel_tool_use: true },
    ...{ temperature: 0.5 },
    stop_sequences: ["END"],
    metadata: { user_id: "u7" },
  });
  expect(first).toMatchObject({
    type: "message",
    role: "assistant",
    model: "gpt-4o-mini",
    stop_reason: "tool_use",
    content: [{ type: "tool_use", id: "call_1_0", name: "weather", input: { city: "Oslo" } }],
  });
  expect(setup.sent()).toEqual({
    model: "gpt-4o-mini",
    max_completion_tokens: 64,
    temperature: 0.5,
    stop: ["END"],
    user: "u7",
    parallel_tool_calls: false,
    tools: [{ type: "function", function: { name: "weather", description: "Now", parameters: { type: "object" } } }],
    tool_choice: "required",
    messages: [
      { role: "system", content: "Be brief.\n\nIn English." },
      { role: "user", content: "Hi" },
    ],
  });
  const result = {
    type: "tool_result" as const,
    tool_use_id: "call_1_0",
    content: [{ type: "text" as const, text: "Sun" }],
  };
  const said: MessageParam[] = [
    hello,
    { role: "assistant", content: [{ type: "text", text: "" }, ...first.content] },
    { role: "user", content: [result, { type: "text", text: "Thanks" }] },
    { role: "assistant", content: [{ type: "text", text: " " }] },
  ];
  await setup.anthropic.messages.create(ask(...said));
  expect(setup.sent(2).messages).toEqual([
    { role: "user", content: "Hi" },
    {
      role: "assistant",
      content: null,
      tool_calls: [{ id: "call_1_0", type: "function", function: { name: "weather", arguments: '{"city":"Oslo"}' } }],
    },
    { role: "tool", tool_call_id: "call_1_0", content: "Sun" },
    { role: "user", content: "Thanks" },
  ]);
});

test("a stream has the SDK's events in order, with usage, cost and stop reason at its end", async () => {
  setup.provider.script(
    chunks(
      delta({ role: "assistant", content: "" }),
      delta({ content: "Hel" }),
      delta({ content: "lo" }),
      delta({}, "stop"),
      {
        id: "c1",
        choices: [],
        usage,
      },
      "[DONE]",
    ),
  );
  const stream = setup.anthropic.messages.stream(ask(hello));
  const seen: string[] = [];
  for await (const event of stream) {
    seen.push(event.type);
    if (event.type === "message_delta") expect(event.usage).toMatchObject({ cost_usd: expect.any(Number) });
  }
  expect(seen).toEqual([
    "message_start",
    "content_block_start",
    ...["content_block_delta", "content_block_delta"],
    "content_block_stop",
    "message_delta",
    "message_stop",
  ]);
  expect(await stream.finalMessage()).toMatchObject({
    content: [{ type: "text", text: "Hello" }],
    stop_reason: "end_turn",
    usage: {
      input_tokens: 8,
      cache_read_input_tokens: 12,
      output_tokens: 9,
      output_tokens_details: { thinking_tokens: 4 },
    },
  });
  expect(setup.events[0]).toMatchObject({
    source: "provider",
    use: { input: 20, output: 9, cacheRead: 12, reasoning: 4 },
  });
});

test("streamed tools: several, cut anywhere, one without arguments", async () => {
  const call = (index: number, id: string | undefined, name: string | undefined, text: string) =>
    delta({ tool_calls: [{ index, ...(id && { id }), function: { ...(name && { name }), arguments: text } }] });
  setup.provider.script(
    chunks(
      delta({ content: "I look." }),
      call(0, "a", "weather", ""),
      call(0, undefined, undefined, '{"city":'),
      call(0, undefined, undefined, '"Oslo"}'),
      call(1, "b", "time", ""),
      call(2, "c", "weather", '{"city":"Rome"}'),
      delta({}, "tool_calls"),
      "[DONE]",
    ),
  );
  const text = await (await setup.say({ stream: true, tools: [weather] })).text();
  const events = text
    .trim()
    .split("\n\n")
    .map((each) => JSON.parse(each.split("\ndata: ")[1] ?? ""));
  const indexes = events.flatMap(({ type, index }) => (index === undefined ? [] : `${type.slice(14)} ${index}`));
  expect(indexes).toEqual(
    [0, 1, 2, 3].flatMap((index) => [
      `start ${index}`,
      ...Array.from({ length: index === 1 ? 2 : 1 }, () => `delta ${index}`),
      `stop ${index}`,
    ]),
  );
  const inputs = [1, 2, 3].map((at) =>
    events.map(({ index, delta }) => (index === at && delta?.partial_json) || "").join(""),
  );
  expect(inputs).toEqual(['{"city":"Oslo"}', "{}", '{"city":"Rome"}']);
  expect(events.at(-2)).toMatchObject({ type: "message_delta", delta: { stop_reason: "tool_use" } });
});

test("calls whose arguments arrive mixed are sent one after the other", async () => {
  const piece = (index: number, text: string, start?: object) =>
    delta({ tool_calls: [{ index, ...start, function: { ...(start && { name: `f${index}` }), arguments: text } }] });
  setup.provider.script(
    chunks(
      piece(0, '{"a"', { id: "x" }),
      piece(1, '{"b"', { id: "y" }),
      piece(0, ":1}"),
      piece(1, ":2}"),
      delta({}, "tool_calls"),
      "[DONE]",
    ),
  );
  const { content } = await setup.anthropic.messages.stream({ ...ask(hello), tools: [weather] }).finalMessage();
  expect(content).toMatchObject([
    { type: "tool_use", id: "x", name: "f0", input: { a: 1 } },
    { type: "tool_use", id: "y", name: "f1", input: { b: 2 } },
  ]);
});

test("a whole call without arguments has an empty object as input", async () => {
  const message = { tool_calls: [{ id: "a", type: "function", function: { name: "time", arguments: "" } }] };
  setup.provider.script(json({ choices: [{ message, finish_reason: "stop" }], usage }));
  const { content, stop_reason } = await setup.anthropic.messages.create({ ...ask(hello), tools: [weather] });
  expect(content).toMatchObject([{ type: "tool_use", name: "time", input: {} }]);
  // The provider said `stop`, but clients run tools only after `tool_use`.
  expect(stop_reason).toBe("tool_use");
});

test("images, PDFs and plain documents; images of tool results follow in a user message", async () => {
  const image = {
    type: "image" as const,
    source: { type: "base64" as const, media_type: "image/png" as const, data: "aGk=" },
  };
  const pdf = { type: "base64" as const, media_type: "application/pdf" as const, data: "JVBERg==" };
  const plain = { type: "text" as const, media_type: "text/plain" as const, data: "Body" };
  const use = { type: "tool_use" as const, id: "t1", name: "shot", input: {} };
  await setup.anthropic.messages.create(
    ask(
      {
        role: "user",
        content: [
          image,
          { type: "image", source: { type: "url", url: "https://example.com/a.png" } },
          { type: "document", title: "a.pdf", source: pdf },
          { type: "document", title: "Note", source: plain },
        ],
      },
      { role: "assistant", content: [use] },
      { role: "user", content: [{ type: "tool_result", tool_use_id: "t1", content: [image], is_error: false }] },
    ),
  );
  expect(setup.sent().messages).toMatchObject([
    {
      role: "user",
      content: [
        { type: "image_url", image_url: { url: "data:image/png;base64,aGk=" } },
        { type: "image_url", image_url: { url: "https://example.com/a.png" } },
        { type: "file", file: { filename: "a.pdf", file_data: "data:application/pdf;base64,JVBERg==" } },
        { type: "text", text: "Note" },
        { type: "text", text: "Body" },
      ],
    },
    { role: "assistant" },
    { role: "tool", tool_call_id: "t1", content: "The result follows as files." },
    { role: "user", content: [{ type: "text" }, { type: "image_url" }] },
  ]);
});

test("structured output becomes a JSON schema", async () => {
  const schema = { type: "object", properties: { a: { type: "string" } }, additionalProperties: false };
  await setup.say({ output_config: { format: { type: "json_schema", schema } } });
  expect(setup.sent()).toMatchObject({
    response_format: { type: "json_schema", json_schema: { schema, strict: false } },
  });
});

test("thinking becomes an effort for models that reason; sampling that they refuse is left out and named", async () => {
  const credentials = setup.org.credentials;
  const models = setup.org.models.map((each) => ({
    ...each,
    targets: each.targets.map((target) => ({ ...target, upstreamModel: "gpt-5-mini" })),
  }));
  setup.change({ credentials, models });
  const thinking = { type: "enabled", budget_tokens: 8_000 };
  const response = await setup.say({ max_tokens: 20_000, thinking, temperature: 0.2, top_k: 4 });
  expect(setup.sent()).toMatchObject({ reasoning_effort: "medium" });
  expect(setup.sent()).not.toHaveProperty("temperature");
  expect(response.headers.get("x-tollgate-ignored")).toBe("temperature, top_k");
});

test("thoughts come back to providers that take them, and only to those", async () => {
  const message = { reasoning_content: "Hm.", content: "Yes." };
  setup.provider.script(json({ choices: [{ message, finish_reason: "stop" }], usage }));
  const { content } = await setup.anthropic.messages.create(ask(hello));
  expect(content).toMatchObject([
    { type: "thinking", thinking: "Hm.", signature: "tgm1." },
    { type: "text", text: "Yes." },
  ]);
  await setup.anthropic.messages.create(ask(hello, { role: "assistant", content }, hello));
  expect(JSON.stringify(setup.sent(2))).not.toContain("Hm.");
  const credentials = setup.org.credentials.map((each) => ({ ...each, provider: "deepseek" }));
  setup.change({ credentials });
  await setup.anthropic.messages.create(ask(hello, { role: "assistant", content }, hello));
  expect(setup.sent(3)).toMatchObject({ messages: [{}, { content: "Yes.", reasoning_content: "Hm." }, {}] });
});

test("a streamed thought ends with its signature before the text begins", async () => {
  setup.provider.script(
    chunks(
      delta({ reasoning_content: "Hm" }),
      delta({ reasoning_content: "." }),
      delta({ content: "Yes." }),
      delta({}, "stop"),
      "[DONE]",
    ),
  );
  const { content } = await setup.anthropic.messages.stream(ask(hello)).finalMessage();
  expect(content).toMatchObject([
    { type: "thinking", thinking: "Hm.", signature: "tgm1." },
    { type: "text", text: "Yes." },
  ]);
});
