import { answer } from "@tollgate/testkit/provider-behaviour";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type AnthropicSetup, openAnthropicSetup } from "./anthropic-setup.ts";

let setup: AnthropicSetup;
beforeEach(async () => {
  setup = await openAnthropicSetup();
});
afterEach(() => setup.close());

const PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
const weather = {
  type: "function",
  function: {
    name: "weather",
    description: "Weather of a city",
    parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
  },
} as const;

describe("the official openai package against an Anthropic target", () => {
  it("chats: system prompt first, limits and stops kept, usage and finish reason reported", async () => {
    const usage = { input: 31, output: 7, cacheRead: 10, cacheWrite: 5 };
    setup.provider.script(answer({ text: "Hello!", usage }));
    const chat = await setup.openai.chat.completions.create({
      model: "small",
      messages: [
        { role: "system", content: "Be brief." },
        { role: "developer", content: [{ type: "text", text: "Be kind." }] },
        { role: "user", content: "Hi" },
        { role: "assistant", content: "Yes?" },
        { role: "user", content: "Hello" },
      ],
      max_completion_tokens: 100,
      temperature: 0.5,
      stop: ["END"],
      user: "u-1",
    });
    expect(chat).toMatchObject({
      object: "chat.completion",
      model: "claude-sonnet-4-6",
      choices: [{ index: 0, message: { role: "assistant", content: "Hello!", refusal: null }, finish_reason: "stop" }],
      usage: {
        prompt_tokens: 31,
        completion_tokens: 7,
        total_tokens: 38,
        prompt_tokens_details: { cached_tokens: 10 },
      },
    });
    expect(chat.id).toMatch(/^chatcmpl-msg_/);
    expect(setup.sent()).toMatchObject({
      model: "claude-sonnet-4-6",
      max_tokens: 100,
      temperature: 0.5,
      stop_sequences: ["END"],
      system: [{ text: "Be brief." }, { text: "Be kind." }],
      messages: [{ role: "user" }, { role: "assistant" }, { role: "user" }],
      metadata: { user_id: "u-1" },
    });
    expect(setup.provider.requests[0]?.headers["x-api-key"]).toBe("sk-provider-secret-canary");
    expect(setup.events).toMatchObject([
      { provider: "anthropic", source: "provider", use: { input: 31, cacheRead: 10, cacheWrite5m: 5, output: 7 } },
    ]);
    // 16 × $3 + 10 × $0.30 + 5 × $3.75 + 7 × $15, a million
    expect(setup.events[0]?.costNano).toBe("174750");
  });

  it("streams, with a usage chunk if it was requested", async () => {
    setup.provider.script(answer({ text: "one two three", usage: { input: 9, output: 4 } }));
    const stream = await setup.openai.chat.completions.create({
      model: "small",
      messages: [{ role: "user", content: "count" }],
      stream: true,
      stream_options: { include_usage: true },
    });
    const chunks = await Array.fromAsync(stream);
    expect(chunks.map((chunk) => chunk.choices[0]?.delta.content ?? "").join("")).toBe("one two three");
    expect(chunks[0]?.choices[0]?.delta.role).toBe("assistant");
    expect(chunks.at(-2)?.choices[0]?.finish_reason).toBe("stop");
    expect(chunks.at(-1)).toMatchObject({
      choices: [],
      usage: { prompt_tokens: 9, completion_tokens: 4, total_tokens: 13 },
    });
    expect(new Set(chunks.map((chunk) => chunk.id)).size).toBe(1);
    expect(setup.events).toMatchObject([{ stream: true, source: "provider", use: { input: 9, output: 4 } }]);
  });

  it("streams without a usage chunk if it was not requested, and is still metered", async () => {
    const stream = await setup.openai.chat.completions.create({
      model: "small",
      messages: [{ role: "user", content: "hi" }],
      stream: true,
    });
    const chunks = await Array.fromAsync(stream);
    expect(chunks.every((chunk) => !("usage" in chunk) && chunk.choices.length === 1)).toBe(true);
    expect(setup.events).toMatchObject([
      { source: "provider", use: { output: setup.provider.requests[0]?.bills?.output } },
    ]);
  });

  it("calls tools over several turns, ids and arguments intact", async () => {
    setup.provider.script(
      answer({ text: "Let me see.", toolCalls: [{ name: "weather", arguments: { city: "Łódź" } }] }),
      answer({ text: "It rains." }),
    );
    const required = "required" as const;
    const ask = { model: "small", tools: [weather], tool_choice: required, parallel_tool_calls: false };
    const question = { role: "user", content: "Weather in Łódź?" } as const;
    const first = await setup.openai.chat.completions.create({ ...ask, messages: [question] });
    const [choice] = first.choices;
    expect(choice).toMatchObject({ finish_reason: "tool_calls", message: { content: "Let me see." } });
    const [call] = choice?.message.tool_calls ?? [];
    expect(call).toMatchObject({ type: "function", function: { name: "weather", arguments: '{"city":"Łódź"}' } });
    expect(setup.sent()).toMatchObject({
      tools: [{ name: "weather", input_schema: { required: ["city"] } }],
      tool_choice: { type: "any", disable_parallel_tool_use: true },
    });

    const result = { role: "tool", tool_call_id: call?.id ?? "", content: "rain" } as const;
    const messages = [question, choice?.message ?? question, result];
    const again = { model: "small", tools: [weather], messages };
    const second = await setup.openai.chat.completions.create(again);
    expect(second.choices[0]?.message.content).toBe("It rains.");
    expect(setup.sent(2).messages).toMatchObject([
      { role: "user" },
      {
        role: "assistant",
        content: [{ text: "Let me see." }, { type: "tool_use", id: call?.id, input: { city: "Łódź" } }],
      },
      { role: "user", content: [{ type: "tool_result", tool_use_id: call?.id, content: "rain" }] },
    ]);
  });

  it("streams tool calls in pieces", async () => {
    const calls = [
      { name: "weather", arguments: { city: "Oslo" } },
      { name: "weather", arguments: { city: "Rome" } },
    ];
    setup.provider.script(answer({ toolCalls: calls }));
    const runner = setup.openai.chat.completions.stream({
      model: "small",
      messages: [{ role: "user", content: "Weather?" }],
      tools: [weather],
    });
    const chat = await runner.finalChatCompletion();
    const called = chat.choices[0]?.message.tool_calls ?? [];
    const inputs = called.map((call) => call.type === "function" && JSON.parse(call.function.arguments));
    expect(inputs).toEqual(calls.map((call) => call.arguments));
    expect(new Set(called.map((call) => call.id)).size).toBe(2);
    expect(chat.choices[0]?.finish_reason).toBe("tool_calls");
  });

  it("sends images by value and by URL, without fetching any", async () => {
    await setup.openai.chat.completions.create({
      model: "small",
      messages: [
        {
          role: "user",
          content: [
            { type: "text", text: "What is this?" },
            { type: "image_url", image_url: { url: `data:image/png;base64,${PIXEL}` } },
            { type: "image_url", image_url: { url: "https://example.com/cat.png", detail: "low" } },
          ],
        },
      ],
    });
    expect(setup.sent().messages).toMatchObject([
      {
        content: [
          { type: "text" },
          { type: "image", source: { type: "base64", media_type: "image/png", data: PIXEL } },
          { type: "image", source: { type: "url", url: "https://example.com/cat.png" } },
        ],
      },
    ]);
  });

  it("answers with an object that matches a JSON schema", async () => {
    setup.provider.script(answer({ text: '{"city":"Oslo"}' }));
    const schema = {
      type: "object",
      properties: { city: { type: "string" } },
      required: ["city"],
      additionalProperties: false,
    };
    const chat = await setup.openai.chat.completions.parse({
      model: "small",
      messages: [{ role: "user", content: "A city" }],
      response_format: { type: "json_schema", json_schema: { name: "place", strict: true, schema } },
    });
    expect(chat.choices[0]?.message.parsed).toEqual({ city: "Oslo" });
    expect(setup.sent()).toMatchObject({
      output_config: { format: { type: "json_schema", schema: { required: ["city"] } } },
    });
  });

  it.each([
    ["length", "length"],
    ["content_filter", "content_filter"],
  ] as const)("reports that an answer ended by %s", async (finish, expected) => {
    setup.provider.script(answer({ text: "half an ans", finish }));
    const chat = await setup.openai.chat.completions.create({
      model: "small",
      messages: [{ role: "user", content: "x" }],
    });
    expect(chat.choices[0]?.finish_reason).toBe(expected);
  });
});
