import type { Content, Part } from "@google/genai";
import { answer } from "@tollgate/testkit/provider-behaviour";
import { afterEach, describe, expect, test } from "vitest";
import { chunks, delta, json, usage } from "../messages/chat-answers.ts";
import { schema, sdkTools, tools, weather } from "./functions.ts";
import { type GoogleSetup, openGoogleSetup } from "./google-setup.ts";

let setup: GoogleSetup;
afterEach(() => setup.close());

describe("in front of a chat provider", () => {
  test("a whole conversation: instruction, sampling, functions, responses and their order", async () => {
    setup = await openGoogleSetup("openai");
    setup.provider.script(answer({ toolCalls: [{ name: "weather", arguments: { city: "Oslo" } }] }));
    const response = await setup.generate({
      systemInstruction: { parts: [{ text: "Be brief." }, { text: "In English." }] },
      generationConfig: {
        ...{ temperature: 0.5, topP: 0.9, seed: 7, maxOutputTokens: 64, stopSequences: ["END"], presencePenalty: 0.1 },
      },
      safetySettings: [{ category: "HARM_CATEGORY_HARASSMENT", threshold: "BLOCK_NONE" }],
      tools,
      toolConfig: { functionCallingConfig: { mode: "ANY", allowedFunctionNames: ["weather"] } },
    });
    expect(response.headers.get("x-tollgate-ignored")).toBe("safetySettings");
    const first = (await response.json()) as { candidates: { content: Content }[] };
    expect(first).toMatchObject({
      candidates: [
        {
          content: {
            role: "model",
            parts: [{ functionCall: { id: "call_1_0", name: "weather", args: { city: "Oslo" } } }],
          },
          finishReason: "STOP",
          index: 0,
        },
      ],
      modelVersion: "gpt-4o-mini",
    });
    expect(setup.sent()).toEqual({
      model: "gpt-4o-mini",
      max_completion_tokens: 64,
      ...{ temperature: 0.5, top_p: 0.9, seed: 7, presence_penalty: 0.1 },
      stop: ["END"],
      tools: [{ type: "function", function: { name: "weather", description: "Now", parameters: schema } }],
      tool_choice: { type: "function", function: { name: "weather" } },
      messages: [
        { role: "system", content: "Be brief.\n\nIn English." },
        { role: "user", content: "Hello there" },
      ],
    });
    const called = first.candidates[0]?.content as Content;
    // A response may name only the function.
    const contents = [
      { role: "user", parts: [{ text: "Hi" }] },
      { role: "model", parts: [{ text: "I " }] },
      { role: "model", parts: [{ text: "look." }] },
      called,
      {
        role: "user",
        parts: [{ functionResponse: { name: "weather", response: { output: "Sun" } } }, { text: "Go on" }],
      },
    ];
    await (await setup.generate({ contents })).text();
    expect(setup.sent(2).messages).toEqual([
      { role: "user", content: "Hi" },
      {
        role: "assistant",
        content: "I look.",
        tool_calls: [{ id: "call_1_0", type: "function", function: { name: "weather", arguments: '{"city":"Oslo"}' } }],
      },
      { role: "tool", tool_call_id: "call_1_0", content: "Sun" },
      { role: "user", content: "Go on" },
    ]);
  });

  test("the official SDK reads a stream: texts, parallel calls, a call without arguments, usage and cost", async () => {
    setup = await openGoogleSetup("openai");
    const call = (index: number, id: string | undefined, name: string | undefined, args: string) =>
      delta({ tool_calls: [{ index, id, type: "function", function: { name, arguments: args } }] });
    setup.provider.script(
      chunks(
        delta({ role: "assistant", content: "" }),
        delta({ content: "Hel" }),
        delta({ content: "lo" }),
        call(0, "c0", "weather", '{"ci'),
        call(1, "c1", "now", ""),
        call(0, undefined, undefined, 'ty":"Oslo"}'),
        delta({}, "tool_calls"),
        { id: "c1", choices: [], usage },
        "[DONE]",
      ),
    );
    const stream = await setup.google.models.generateContentStream({
      model: "small",
      contents: "Hi",
      config: { tools: sdkTools },
    });
    const parts: Part[] = [];
    let last: unknown;
    for await (const chunk of stream) {
      parts.push(...(chunk.candidates?.[0]?.content?.parts ?? []));
      last = chunk;
    }
    expect(parts).toMatchObject([
      { text: "Hel" },
      { text: "lo" },
      { functionCall: { id: "c0", name: "weather", args: { city: "Oslo" } } },
      { functionCall: { id: "c1", name: "now", args: {} } },
      { text: "" },
    ]);
    expect(last).toMatchObject({
      candidates: [{ finishReason: "STOP" }],
      usageMetadata: {
        promptTokenCount: 20,
        cachedContentTokenCount: 12,
        candidatesTokenCount: 5,
        thoughtsTokenCount: 4,
        totalTokenCount: 29,
      },
    });
    expect(setup.events[0]).toMatchObject({
      source: "provider",
      outcome: "complete",
      use: { input: 20, output: 9, cacheRead: 12, reasoning: 4 },
    });
  });

  test("a translated stream as one array", async () => {
    setup = await openGoogleSetup("openai");
    setup.provider.script(answer({ text: "Hello you", chunks: 3 }));
    const list = (await (await setup.stream({}, "json")).json()) as { candidates: { content: Content }[] }[];
    const texts = list.map(({ candidates }) => candidates[0]?.content.parts?.map(({ text }) => text).join(""));
    expect(texts.join("")).toBe("Hello you");
  });

  test("a chat of the SDK with a stream in its history, and functions that it calls itself", async () => {
    setup = await openGoogleSetup("openai-compatible");
    setup.provider.script(
      answer({ text: "Hello you", chunks: 3 }),
      answer({ toolCalls: [{ name: "weather", arguments: { city: "Oslo" } }] }),
      answer({ text: "Sunny." }),
    );
    const chat = setup.google.chats.create({ model: "small" });
    for await (const _ of await chat.sendMessageStream({ message: "Hi" }));
    const callableTool = {
      tool: async () => ({ functionDeclarations: [{ name: "weather", parametersJsonSchema: { type: "object" } }] }),
      callTool: async () => [{ functionResponse: { name: "weather", response: { result: "sun" } } }],
    };
    const reply = await chat.sendMessage({ message: "Weather?", config: { tools: [callableTool] } });
    expect(reply.text).toBe("Sunny.");
    expect(setup.sent(3).messages).toMatchObject([
      { role: "user", content: "Hi" },
      { role: "assistant", content: "Hello you" },
      { role: "user", content: "Weather?" },
      { role: "assistant", tool_calls: [{ function: { name: "weather" } }] },
      { role: "tool", content: "sun" },
    ]);
  });

  test("images, PDFs, audio and texts as files; images in a response follow in a message", async () => {
    setup = await openGoogleSetup("openai");
    const png = { mimeType: "image/png", data: "iVBORw0KGgo=" };
    const contents = [
      {
        role: "user",
        parts: [
          { inlineData: png },
          { inline_data: { mime_type: "application/pdf", data: "JVBERg==" } },
          { inlineData: { mimeType: "audio/mp3", data: "SUQz" } },
          { inlineData: { mimeType: "text/csv", data: Buffer.from("a,b").toString("base64") } },
          { fileData: { mimeType: "image/jpeg", fileUri: "https://example.com/a.jpg" } },
        ],
      },
      { role: "model", parts: [{ functionCall: { name: "look", args: {} } }] },
      { role: "user", parts: [{ functionResponse: { name: "look", response: {}, parts: [{ inlineData: png }] } }] },
    ];
    expect((await setup.generate({ contents })).status).toBe(200);
    expect(setup.sent().messages).toMatchObject([
      {
        content: [
          { type: "image_url", image_url: { url: "data:image/png;base64,iVBORw0KGgo=" } },
          { type: "file", file: { file_data: "data:application/pdf;base64,JVBERg==" } },
          { type: "input_audio", input_audio: { data: "SUQz", format: "mp3" } },
          { type: "text", text: "a,b" },
          { type: "image_url", image_url: { url: "https://example.com/a.jpg" } },
        ],
      },
      { role: "assistant" },
      { role: "tool", content: "{}" },
      { role: "user", content: [{ type: "text" }, { type: "image_url" }] },
    ]);
  });

  test.each([
    [{ responseSchema: weather.parameters }, schema],
    [{ responseJsonSchema: schema }, schema],
    [{ response_schema: weather.parameters }, schema],
  ])("structured output: %j", async (given, expected) => {
    setup = await openGoogleSetup("openai");
    await (await setup.generate({ generationConfig: { responseMimeType: "application/json", ...given } })).text();
    expect(setup.sent().response_format).toMatchObject({ type: "json_schema", json_schema: { schema: expected } });
  });

  test.each([
    [{ thinkingLevel: "HIGH" }, "high"],
    [{ thinkingBudget: 1_000 }, "low"],
    [{ thinkingBudget: 20_000 }, "high"],
    [{ thinkingBudget: -1 }, undefined],
    [{ thinkingBudget: 0 }, undefined],
  ])("thinking %j", async (thinkingConfig, effort) => {
    setup = await openGoogleSetup("openai-compatible", {}, {}, "gpt-5-mini");
    await (await setup.generate({ generationConfig: { thinkingConfig } })).text();
    expect(setup.sent().reasoning_effort).toBe(effort);
  });

  test("thoughts are shown only if the request asks for them", async () => {
    setup = await openGoogleSetup("openai-compatible");
    const message = { role: "assistant", reasoning_content: "Hm", content: "Hi" };
    const said = json({ id: "c1", choices: [{ index: 0, message, finish_reason: "stop" }], usage });
    setup.provider.script(said, said);
    const parts = async (given: object) => {
      const { candidates } = (await (await setup.generate(given as Record<string, unknown>)).json()) as {
        candidates: { content: Content }[];
      };
      return candidates[0]?.content.parts;
    };
    expect(await parts({})).toEqual([{ text: "Hi" }]);
    expect(await parts({ generationConfig: { thinkingConfig: { includeThoughts: true } } })).toEqual([
      { text: "Hm", thought: true },
      { text: "Hi" },
    ]);
  });

  test.each([
    ["length", "MAX_TOKENS"],
    ["content_filter", "SAFETY"],
    ["stop", "STOP"],
    ["novel", "OTHER"],
  ])("a stop for %s is %s", async (reason, expected) => {
    setup = await openGoogleSetup("openai");
    const message = { role: "assistant", content: "Hi" };
    setup.provider.script(json({ id: "c1", choices: [{ index: 0, message, finish_reason: reason }], usage }));
    expect(await (await setup.generate()).json()).toMatchObject({ candidates: [{ finishReason: expected }] });
  });

  const user = (...parts: object[]) => ({ contents: [{ role: "user", parts }] });
  test.each([
    [{ cachedContent: "cachedContents/x" }, "cachedContent"],
    [{ novelty: { a: 1 } }, "novelty"],
    [{ tools: [{ urlContext: {} }] }, "tools[0].urlContext"],
    [{ tools: [{ code_execution: {} }] }, "tools[0].codeExecution"],
    [{ generationConfig: { candidateCount: 2 } }, "generationConfig.candidateCount above 1"],
    [{ generationConfig: { responseModalities: ["TEXT", "IMAGE"] } }, "generationConfig.responseModalities"],
    [{ generationConfig: { speechConfig: { languageCode: "de" } } }, "generationConfig.speechConfig"],
    [{ generationConfig: { responseMimeType: "text/x.enum" } }, "generationConfig.responseMimeType"],
    [{ generationConfig: { temperature: "1" } }, "generationConfig.temperature"],
    [
      { generationConfig: { thinkingConfig: { thinkingLevel: "ULTRA" } } },
      "generationConfig.thinkingConfig.thinkingLevel",
    ],
    [{ toolConfig: { functionCallingConfig: { mode: "SOME" } }, tools }, "toolConfig.functionCallingConfig.mode"],
    [user({ inlineData: { mimeType: "video/mp4", data: "AA" } }), "contents[0].parts[0].inlineData.mimeType"],
    [user({ fileData: { fileUri: "gs://a/b.png", mimeType: "image/png" } }), "contents[0].parts[0].fileData.fileUri"],
    [user({ novelty: {} }), "contents[0].parts[0].novelty"],
    [user({ functionResponse: { name: "f", response: {} } }), "contents[0].parts[0].functionResponse.name"],
    [{ contents: [{ role: "robot", parts: [] }] }, "contents[0].role"],
  ])("%j is refused by name", async (given, field) => {
    setup = await openGoogleSetup("openai");
    const response = await setup.generate(given);
    expect([response.status, await response.json()]).toMatchObject([
      400,
      { error: { details: [{}, { fieldViolations: [{ field }] }] } },
    ]);
    expect(setup.provider.requests).toEqual([]);
  });

  test("a part of the model with any name beside what Google's tools did is left out", async () => {
    setup = await openGoogleSetup("openai");
    const parts = [{ "é\n你": 1, executableCode: { code: "x" } }];
    const response = await setup.generate({ contents: [{ role: "model", parts }, { parts: [{ text: "Hi" }] }] });
    expect([response.status, response.headers.get("x-tollgate-ignored")]).toEqual([200, "contents[0].parts[0].???"]);
  });

  test("tools of Google beside the client's functions, and what only says how to serve, are left out by name", async () => {
    setup = await openGoogleSetup("openai");
    const response = await setup.generate({
      tools: [...tools, { urlContext: {} }],
      labels: { team: "a" },
      generationConfig: { mediaResolution: "MEDIA_RESOLUTION_LOW" },
    });
    expect(response.headers.get("x-tollgate-ignored")).toBe(
      "labels, generationConfig.mediaResolution, tools[1].urlContext",
    );
  });
});
