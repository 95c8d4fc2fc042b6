import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from "node:zlib";
import { answer, cutAfter, raw, status } from "@tollgate/testkit/provider-behaviour";
import { APIError } from "openai";
import type { ResponseInput } from "openai/resources/responses/responses";
import { afterEach, describe, expect, test } from "vitest";
import { createResponse, weather } from "./create-response.ts";
import { openResponsesSetup, type ResponsesSetup } from "./responses-setup.ts";

// OpenAI's own client, in front of providers that do not have this API.

let setup: ResponsesSetup;
afterEach(() => setup.close());

const FAMILIES = [
  ["anthropic", "claude-sonnet-4-6"],
  ["google", "gemini-2.5-flash"],
  ["openai-compatible", "own-model"],
] as const;

const open = async (provider: string, upstreamModel: string) => {
  setup = await openResponsesSetup({ provider, upstreamModel });
};
const create = (isStream: boolean, given: object) => createResponse(setup, isStream, given);

describe.each(FAMILIES)("in front of %s", (provider, upstreamModel) => {
  test.each([false, true])("text and usage (stream: %s)", async (isStream) => {
    await open(provider, upstreamModel);
    setup.provider.script(answer({ text: "Hello, you!", usage: { input: 30, output: 20, cacheRead: 10 } }));
    const { made, events } = await create(isStream, { instructions: "Be short." });
    expect(made).toMatchObject({ object: "response", status: "completed", model: upstreamModel, store: false });
    expect(made).toMatchObject({ output_text: "Hello, you!", instructions: "Be short.", error: null });
    expect(made.usage).toMatchObject({
      input_tokens: 30,
      output_tokens: 20,
      input_tokens_details: { cached_tokens: 10 },
    });
    expect(setup.provider.requests[0]?.prompt).toBe("Be short.\nHi");
    expect(setup.events.at(-1)).toMatchObject({ outcome: "complete", use: { input: 30, output: 20, cacheRead: 10 } });
    if (!isStream) return;
    expect(events.map(({ type }) => type).filter((type) => !type.endsWith(".delta"))).toEqual([
      ...["response.created", "response.in_progress", "response.output_item.added", "response.content_part.added"],
      ...["response.output_text.done", "response.content_part.done", "response.output_item.done", "response.completed"],
    ]);
  });

  test.each([false, true])("tools, with and without arguments (stream: %s)", async (isStream) => {
    await open(provider, upstreamModel);
    const tools = [weather, { type: "function", name: "now", parameters: null, strict: false }];
    setup.provider.script(
      answer({
        text: "Look:",
        toolCalls: [
          { name: "weather", arguments: { city: "Bern" } },
          { name: "now", arguments: {} },
        ],
      }),
    );
    const { made, events } = await create(isStream, { tools, tool_choice: "auto" });
    expect(made.output).toMatchObject([
      { type: "message", content: [{ type: "output_text", text: "Look:" }] },
      {
        type: "function_call",
        name: "weather",
        status: "completed",
        arguments: expect.stringMatching(/"city":\s*"Bern"/),
      },
      { type: "function_call", name: "now", arguments: "{}" },
    ]);
    if (!isStream) return;
    const deltas = events.flatMap((event) => (event.type === "response.function_call_arguments.delta" ? [event] : []));
    const streamed = [1, 2].map((index) =>
      deltas.flatMap((event) => (event.output_index === index ? event.delta : [])).join(""),
    );
    expect(streamed.map((text) => JSON.parse(text))).toEqual([{ city: "Bern" }, {}]);
  });

  test("ten turns with tools: calls, results and their order arrive, and what the provider requires back", async () => {
    await open(provider, upstreamModel);
    const input: ResponseInput = [{ role: "user", content: "Weather?" }];
    for (let turn = 0; turn < 10; turn++) {
      setup.provider.script(answer({ toolCalls: [{ name: "weather", arguments: { turn } }] }));
      const { made } = await create(turn % 2 === 0, { tools: [weather], input });
      const call = made.output[0];
      if (call?.type !== "function_call") throw new Error(`no call in turn ${turn}`);
      input.push(call, { type: "function_call_output", call_id: call.call_id, output: `sunny ${turn}` });
    }
    await create(false, { tools: [weather], input });
    const sent = JSON.stringify(setup.sent());
    for (let turn = 0; turn < 10; turn++) expect(sent).toContain(`sunny ${turn}`);
    expect(sent).not.toContain("tgm1");
    if (provider === "google") expect(sent.split(Buffer.from("signature 0").toString("base64"))).toHaveLength(11);
  });

  test("a JSON schema for the answer", async () => {
    await open(provider, upstreamModel);
    setup.provider.script(answer({ text: '{"city":"Bern"}' }));
    const schema = {
      type: "object",
      properties: { city: { type: "string" } },
      required: ["city"],
      additionalProperties: false,
    };
    const made = await setup.openai.responses.parse({
      ...{ model: "small", input: "City?", store: false },
      text: { format: { type: "json_schema", name: "city", schema } },
    });
    expect(made.output_parsed).toEqual({ city: "Bern" });
  });

  test("an image and a PDF, also as the result of a tool", async () => {
    await open(provider, upstreamModel);
    const image = { type: "input_image", image_url: "data:image/png;base64,iVBORw0KGgo=", detail: "auto" } as const;
    const file = { type: "input_file", filename: "a.pdf", file_data: "data:application/pdf;base64,JVBERi0x" } as const;
    const call = { type: "function_call", call_id: "c1", name: "weather", arguments: "{}" } as const;
    const output = { type: "function_call_output", call_id: "c1", output: [image] } as const;
    const input = [{ role: "user", content: [image, file] }, call, output];
    expect((await setup.respond({ input, tools: [weather], store: false })).status).toBe(200);
    const sent = JSON.stringify(setup.sent());
    expect(sent.split("iVBORw0KGgo=")).toHaveLength(3);
    expect(sent).toContain("JVBERi0x");
  });

  test.each([false, true])("an answer that ends early says why (stream: %s)", async (isStream) => {
    await open(provider, upstreamModel);
    setup.provider.script(answer({ text: "Hel", finish: "length" }));
    const { made } = await create(isStream, {});
    expect(made).toMatchObject({ status: "incomplete", incomplete_details: { reason: "max_output_tokens" } });
    expect(made.usage).not.toBeNull();
  });

  test("errors are the SDK's own, before the answer and within a stream", async () => {
    await open(provider, upstreamModel);
    setup.provider.script(status(400, { message: "Too many parts." }));
    await expect(create(false, {})).rejects.toMatchObject({ status: 400 });
    setup.provider.script(cutAfter(7, "end", answer({ text: "one two three four five", chunks: 9 })));
    await expect(create(true, {})).rejects.toBeInstanceOf(APIError);
    expect(setup.events.at(-1)).toMatchObject({ outcome: "failed" });
  });
});

test.each(["gzip", "br", "deflate", "zstd"] as const)("a stream that its provider compresses: %s", async (encoding) => {
  await open("openai-compatible", "own-model");
  const chunk = (delta: object, finish_reason: string | null) =>
    `data: ${JSON.stringify({ id: "c", choices: [{ index: 0, delta, finish_reason }] })}\n\n`;
  const text = `${chunk({ content: "Hello" }, null)}${chunk({}, "stop")}data: [DONE]\n\n`;
  const pack = { gzip: gzipSync, br: brotliCompressSync, deflate: deflateSync, zstd: zstdCompressSync }[encoding];
  const bytes = pack(Buffer.from(text));
  const headers = { "content-type": "text/event-stream", "content-encoding": encoding };
  setup.provider.script(raw([bytes.subarray(0, 20), bytes.subarray(20)], headers));
  expect((await create(true, {})).made.output_text).toBe("Hello");
});

describe("custom tools, namespaces and choices", () => {
  const custom = {
    type: "custom",
    name: "sql",
    format: { type: "grammar", syntax: "lark", definition: "start: /.+/" },
  } as const;

  test.each([false, true])(
    "a custom tool gets its text, and the call goes back as it came (stream: %s)",
    async (isStream) => {
      await open("anthropic", "claude-sonnet-4-6");
      setup.provider.script(answer({ toolCalls: [{ name: "sql", arguments: { input: "SELECT 1\n" } }] }));
      const { made, events } = await create(isStream, { tools: [custom] });
      const [call] = made.output;
      expect(call).toMatchObject({ type: "custom_tool_call", name: "sql", input: "SELECT 1\n" });
      if (isStream) expect(events.map(({ type }) => type)).toContain("response.custom_tool_call_input.done");
      if (call?.type !== "custom_tool_call") throw new Error("no call");
      const output = { type: "custom_tool_call_output", call_id: call.call_id, output: "1" };
      await create(false, { tools: [custom], input: [{ role: "user", content: "Hi" }, call, output] });
      expect(setup.sent()).toMatchObject({
        tools: [
          { name: "sql", input_schema: { properties: { input: { description: expect.stringContaining("start:") } } } },
        ],
        messages: [
          {},
          { content: [{ type: "tool_use", input: { input: "SELECT 1\n" } }] },
          { content: [{ type: "tool_result" }] },
        ],
      });
    },
  );

  test("a tool in a namespace keeps both names", async () => {
    await open("anthropic", "claude-sonnet-4-6");
    setup.provider.script(answer({ toolCalls: [{ name: "maps__weather", arguments: {} }] }));
    const tools = [{ type: "namespace", name: "maps", description: "Maps", tools: [weather] }];
    const { made } = await create(false, { tools });
    expect(made.output).toMatchObject([{ type: "function_call", name: "weather", namespace: "maps" }]);
  });

  test.each([
    ["none", "none", { type: "none" }],
    ["required", "required", { type: "any" }],
    ["one function", { type: "function", name: "weather" }, { type: "tool", name: "weather" }],
    [
      "allowed tools",
      { type: "allowed_tools", mode: "required", tools: [{ type: "function", name: "weather" }] },
      { type: "any" },
    ],
  ])("tool_choice: %s", async (_name, tool_choice, sent) => {
    await open("anthropic", "claude-sonnet-4-6");
    await create(false, { tools: [weather, custom], tool_choice });
    expect(setup.sent().tool_choice).toEqual(sent);
    if (_name === "allowed tools") expect(setup.sent().tools).toMatchObject([{ name: "weather" }]);
  });
});
