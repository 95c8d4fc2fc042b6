import { type Content, FunctionCallingConfigMode, type Part } from "@google/genai";
import { answer } from "@tollgate/testkit/provider-behaviour";
import { afterEach, describe, expect, test } from "vitest";
import { said } from "../anthropic-target/anthropic-answers.ts";
import { json } from "../messages/chat-answers.ts";
import { sdkTools } from "./functions.ts";
import { type GoogleSetup, openGoogleSetup } from "./google-setup.ts";

let setup: GoogleSetup;
afterEach(() => setup.close());

describe("in front of Anthropic", () => {
  const thinkingConfig = { includeThoughts: true, thinkingBudget: 2_048 };

  /** Ten turns of a model that thinks, then calls a function, and needs its thoughts back. */
  test.each([[false], [true]])("signed and hidden thoughts survive ten turns; streamed: %s", async (streamed) => {
    setup = await openGoogleSetup("anthropic", {}, {}, "claude-sonnet-4-5");
    const contents: Content[] = [{ role: "user", parts: [{ text: "Hi" }] }];
    const config = { tools: sdkTools, thinkingConfig, maxOutputTokens: 9_000 };
    for (let turn = 0; turn < 10; turn++) {
      const thought = { type: "thinking", thinking: `Thought ${turn}.`, signature: `c2ln${turn}` };
      const hidden = { type: "redacted_thinking", data: `aGlkZGVu${turn}` };
      const call = { type: "tool_use", id: `toolu_${turn}`, name: "weather", input: { turn } };
      setup.provider.script(said(streamed, "tool_use", thought, hidden, call));
      const parts: Part[] = [];
      if (streamed) {
        const stream = await setup.google.models.generateContentStream({ model: "small", contents, config });
        for await (const chunk of stream) parts.push(...(chunk.candidates?.[0]?.content?.parts ?? []));
      } else {
        const whole = await setup.google.models.generateContent({ model: "small", contents, config });
        parts.push(...(whole.candidates?.[0]?.content?.parts ?? []));
      }
      expect(parts.some(({ thought: isThought, text }) => isThought && text === `Thought ${turn}.`)).toBe(true);
      const functionResponse = { id: `toolu_${turn}`, name: "weather", response: { output: `Result ${turn}` } };
      contents.push({ role: "model", parts }, { role: "user", parts: [{ functionResponse }] });
    }
    setup.provider.script(said(false, "end_turn", { type: "text", text: "Done." }));
    await setup.google.models.generateContent({ model: "small", contents, config });
    const { messages } = setup.sent(11) as { messages: { role: string; content: unknown[] }[] };
    const turns = messages.filter(({ role }) => role === "assistant");
    expect(turns).toHaveLength(10);
    for (const [turn, { content }] of turns.entries()) {
      expect(content).toMatchObject([
        { type: "thinking", thinking: `Thought ${turn}.`, signature: `c2ln${turn}` },
        { type: "redacted_thinking", data: `aGlkZGVu${turn}` },
        { type: "tool_use", id: `toolu_${turn}`, name: "weather", input: { turn } },
      ]);
    }
    // Some of Google's clients decode signatures, so each is base64.
    for (const [, text = ""] of JSON.stringify(contents).matchAll(/"thoughtSignature":"([^"]*)"/g)) {
      expect(Buffer.from(text, "base64").toString("base64")).toBe(text);
    }
  });

  test("usage with cache, images in responses, and choices of functions", async () => {
    setup = await openGoogleSetup("anthropic");
    setup.provider.script(
      answer({ text: "Hi.", usage: { input: 1_000, output: 50, cacheRead: 600, cacheWrite: 200 } }),
    );
    const look = { functionCall: { id: "toolu_1", name: "weather", args: { city: "Oslo" } } };
    const png = { inlineData: { mimeType: "image/png", data: "iVBORw0KGgo=" } };
    const functionResponse = { id: "toolu_1", name: "weather", response: { error: "No such city" } };
    const seen = { id: "toolu_2", name: "weather", response: { output: "See" }, parts: [png] };
    const response = await setup.google.models.generateContent({
      model: "small",
      contents: [
        { role: "user", parts: [{ text: "Hi" }] },
        { role: "model", parts: [look, { functionCall: { id: "toolu_2", name: "weather", args: {} } }] },
        { role: "user", parts: [{ functionResponse }, { functionResponse: seen }] },
      ],
      config: { tools: sdkTools, toolConfig: { functionCallingConfig: { mode: FunctionCallingConfigMode.NONE } } },
    });
    expect(response.usageMetadata).toMatchObject({
      promptTokenCount: 1_000,
      cachedContentTokenCount: 600,
      candidatesTokenCount: 50,
    });
    expect(setup.sent().messages).toMatchObject([
      { role: "user" },
      { role: "assistant" },
      {
        role: "user",
        content: [
          { type: "tool_result", tool_use_id: "toolu_1", is_error: true },
          { type: "tool_result", tool_use_id: "toolu_2", content: [{ text: "See" }, { type: "image" }] },
        ],
      },
    ]);
  });
});

test("Google's search is Anthropic's, with as many searches as are held; its citations name the words", async () => {
  setup = await openGoogleSetup("anthropic");
  const citation = {
    ...{
      type: "web_search_result_location",
      url: "https://a.example",
      title: "A",
      cited_text: "x",
      encrypted_index: "y",
    },
  };
  setup.provider.script(
    said(false, "end_turn", { type: "text", text: "Ö: " }, { type: "text", text: "sun.", citations: [citation] }),
  );
  const config = { tools: [{ googleSearch: {} }] };
  const response = await setup.google.models.generateContent({ model: "small", contents: "Hi", config });
  expect(setup.sent().tools).toMatchObject([{ type: "web_search_20250305", name: "web_search", max_uses: 10 }]);
  expect(response.candidates?.[0]?.groundingMetadata).toEqual({
    groundingChunks: [{ web: { uri: "https://a.example", title: "A" } }],
    groundingSupports: [{ segment: { startIndex: 4, endIndex: 8, text: "sun." }, groundingChunkIndices: [0] }],
  });
});

test("in front of OpenAI's responses: encrypted reasoning survives without being shown", async () => {
  setup = await openGoogleSetup("openai", {}, {}, "gpt-5-codex");
  const output = [
    { type: "reasoning", id: "rs_1", summary: [], encrypted_content: "ZW5j" },
    { type: "function_call", id: "fc_1", call_id: "call_1", name: "weather", arguments: "{}", status: "completed" },
  ];
  const response = {
    ...{ id: "resp_1", object: "response", created_at: 1, status: "completed", model: "gpt-5-codex", output },
    usage: { input_tokens: 5, output_tokens: 7, output_tokens_details: { reasoning_tokens: 3 } },
  };
  setup.provider.script(json(response), json({ ...response, output: [] }));
  const first = await setup.google.models.generateContent({
    model: "small",
    contents: "Hi",
    config: { tools: sdkTools },
  });
  const parts = first.candidates?.[0]?.content?.parts ?? [];
  expect(parts).toMatchObject([{ functionCall: { id: "call_1", name: "weather", args: {} } }]);
  const functionResponse = { id: "call_1", name: "weather", response: { output: "sun" } };
  const contents = [
    { role: "user", parts: [{ text: "Hi" }] },
    { role: "model", parts },
    { role: "user", parts: [{ functionResponse }] },
  ];
  await setup.google.models
    .generateContent({ model: "small", contents, config: { tools: sdkTools } })
    .catch(() => null);
  expect(setup.sent(2).input).toMatchObject([
    { role: "user" },
    { type: "reasoning", encrypted_content: "ZW5j" },
    { type: "function_call", call_id: "call_1" },
    { type: "function_call_output", call_id: "call_1", output: "sun" },
  ]);
});
