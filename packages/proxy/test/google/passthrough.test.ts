import { FunctionCallingConfigMode } from "@google/genai";
import { answer, cutAfter, raw, status } from "@tollgate/testkit/provider-behaviour";
import { afterEach, beforeEach, expect, test } from "vitest";
import { PROVIDER_SECRET } from "../setup.ts";
import { ask, type GoogleSetup, openGoogleSetup } from "./google-setup.ts";

let setup: GoogleSetup;

beforeEach(async () => {
  setup = await openGoogleSetup();
});
afterEach(() => setup.close());

const PATHS = ["/v1beta", "/v1", "/google/v1beta", "/google/v1"];

test.each(PATHS)("%s: bytes pass both ways, and only the model of the path changes", async (prefix) => {
  const text = `{ "contents":[{"parts":[{"text":"Hi"}]}], "generationConfig":{"seed": 12,"temperature":1.0},"new_field" : 1.50 }`;
  const response = await setup.postTo(`${prefix}/models/small:generateContent`, text);
  const [seen] = setup.provider.requests;
  expect(await response.text()).toBe(seen?.sent.toString());
  expect(seen?.body.toString()).toBe(text);
  expect(seen?.path).toBe("/v1beta/models/gemini-2.5-flash:generateContent");
  expect(Number(response.headers.get("x-tollgate-cost-usd"))).toBeGreaterThan(0);
  expect(setup.events[0]).toMatchObject({ surface: "generate-content", outcome: "complete", source: "provider" });
});

test("the key and other headers and parameters of the client do not pass", async () => {
  const headers = { "x-goog-api-key": setup.key, "x-goog-api-client": "genai-js/1", cookie: "a=b" };
  const response = await fetch(`${setup.url}/v1beta/models/small:generateContent?key=abc&foo=bar`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(ask()),
  });
  expect(response.status).toBe(200);
  const [seen] = setup.provider.requests;
  expect(seen?.path).toBe("/v1beta/models/gemini-2.5-flash:generateContent");
  expect(seen?.headers["x-goog-api-key"]).toBe(PROVIDER_SECRET);
  expect(JSON.stringify(seen?.headers)).not.toMatch(/genai-js|a=b/);
  expect(JSON.stringify(seen?.headers)).not.toContain(setup.key);
});

test("a stream passes event by event; only the last usage also has the cost", async () => {
  setup.provider.script(answer({ text: "Hello you", chunks: 3 }));
  const text = await (await setup.stream()).text();
  const [seen] = setup.provider.requests;
  expect(seen?.path).toBe("/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse");
  expect(text.match(/"cost_usd":/g)).toHaveLength(1);
  expect(text.replace(/,"cost_usd":[\d.]+/, "")).toBe(seen?.sent.toString());
  expect(setup.events[0]).toMatchObject({ outcome: "complete", source: "provider" });
  expect(Number(/"cost_usd":([\d.]+)/.exec(text)?.[1])).toBeCloseTo(Number(setup.events[0]?.costNano) / 1e9, 12);
});

test("without alt=sse a stream is one JSON array of the same chunks", async () => {
  setup.provider.script(answer({ text: "Hello you", chunks: 3 }));
  const response = await setup.stream({}, "json");
  expect(response.headers.get("content-type")).toBe("application/json; charset=utf-8");
  const chunks = (await response.json()) as { candidates: { content: { parts: { text?: string }[] } }[] }[];
  const texts = chunks.flatMap(({ candidates }) => candidates[0]?.content.parts.map(({ text = "" }) => text) ?? []);
  expect(texts.join("")).toBe("Hello you");
  expect(chunks.length).toBeGreaterThan(2);
  expect(setup.provider.requests[0]?.path).toContain("?alt=sse");
});

test("the official SDK: text, functions, a chat, and a stream of both", async () => {
  const toolCalls = [{ name: "weather", arguments: { base_url: "x" } }];
  setup.provider.script(answer({ text: "Hello." }), answer({ toolCalls }), answer({ text: "I look.", toolCalls }));
  const first = await setup.google.models.generateContent({ model: "small", contents: "Hi" });
  expect(first.text).toBe("Hello.");
  const parametersJsonSchema = { type: "object", properties: { base_url: { type: "string" } } };
  const config = {
    systemInstruction: "Be brief.",
    tools: [{ functionDeclarations: [{ name: "weather", parametersJsonSchema }] }],
    toolConfig: { functionCallingConfig: { mode: FunctionCallingConfigMode.ANY } },
  };
  const called = await setup.google.models.generateContent({ model: "small", contents: "Hi", config });
  expect(called.functionCalls).toMatchObject([{ name: "weather", args: { base_url: "x" } }]);
  const chat = setup.google.chats.create({ model: "small", config });
  const parts: unknown[] = [];
  for await (const chunk of await chat.sendMessageStream({ message: "Hi" })) {
    parts.push(...(chunk.candidates?.[0]?.content?.parts ?? []));
  }
  expect(parts).toMatchObject([{ text: "I" }, { text: " look." }, { functionCall: { name: "weather" } }]);
  setup.provider.script(answer({ text: "Sunny." }));
  const functionResponse = { name: "weather", response: { output: "sun" } };
  expect((await chat.sendMessage({ message: [{ functionResponse }] })).text).toBe("Sunny.");
  // What the SDK kept of the stream goes back unchanged, with the signature.
  expect(JSON.stringify(setup.sent(4))).toContain('"thoughtSignature":"c2lnbmF0dXJlIDA="');
});

test("our output limit is set in either spelling, and the rest of the settings stays", async () => {
  setup.change({ models: setup.org.models.map((each) => ({ ...each, maxOutputTokens: 400 })) });
  const response = await setup.generate({ generation_config: { max_output_tokens: 9_000, top_k: 3 } });
  expect(response.headers.get("x-tollgate-max-tokens-clamped")).toBe("400");
  expect(setup.sent().generation_config).toEqual({ max_output_tokens: 400, top_k: 3 });
  await setup.generate({ generationConfig: { candidateCount: 2 } });
  expect(setup.events[1]?.heldNano).not.toBe(setup.events[0]?.heldNano);
});

test("signatures of another provider do not reach Google; its own return", async () => {
  const packed = (metadata: object) =>
    Buffer.from(`tgm1.${Buffer.from(JSON.stringify(metadata)).toString("base64url")}`).toString("base64");
  const parts = [
    { text: "Hm", thought: true, thoughtSignature: packed({ anthropic: { signature: "x" } }) },
    { functionCall: { name: "f", args: {} }, thoughtSignature: Buffer.from("tgm1.").toString("base64") },
    { functionCall: { name: "g", args: {} }, thoughtSignature: packed({ google: { thoughtSignature: "c2ln" } }) },
    { text: "Own", thoughtSignature: "b3du" },
  ];
  await setup.generate({ contents: [{ role: "model", parts }] });
  expect(setup.sent().contents).toEqual([
    {
      role: "model",
      parts: [
        { functionCall: { name: "f", args: {} }, thoughtSignature: "skip_thought_signature_validator" },
        { functionCall: { name: "g", args: {} }, thoughtSignature: "c2ln" },
        { text: "Own", thoughtSignature: "b3du" },
      ],
    },
  ]);
});

test("usage without counts, searches, and a blocked prompt are read", async () => {
  const candidates = [
    {
      content: { parts: [{ text: "Hi" }] },
      finishReason: "STOP",
      groundingMetadata: { webSearchQueries: ["a", "b"] },
    },
  ];
  const promptTokensDetails = [{ modality: "TEXT" }];
  const usageMetadata = { promptTokenCount: 7, candidatesTokenCount: 3, promptTokensDetails };
  const headers = { "content-type": "application/json" };
  setup.provider.script(
    raw([JSON.stringify({ candidates, usageMetadata })], headers),
    raw(
      [JSON.stringify({ promptFeedback: { blockReason: "MODEL_ARMOR" }, usageMetadata: { promptTokenCount: 7 } })],
      headers,
    ),
  );
  await (await setup.generate()).text();
  expect(setup.events[0]?.use).toMatchObject({ input: 7, output: 3, searches: 2 });
  expect((await setup.generate()).status).toBe(200);
  expect(setup.events[1]).toMatchObject({ outcome: "complete", use: { input: 7, output: 0 } });
});

test("usage that only early events of a stream have is kept", async () => {
  const event = (given: object) => `data: ${JSON.stringify(given)}\r\n\r\n`;
  const said = (text: string, finishReason?: string) => [
    { content: { parts: [{ text }] }, ...(finishReason && { finishReason }), index: 0 },
  ];
  setup.provider.script(
    raw([
      event({ candidates: said("a"), usageMetadata: { promptTokenCount: 9, thoughtsTokenCount: 20 } }),
      event({ candidates: said("b", "STOP"), usageMetadata: { candidatesTokenCount: 2, trafficType: "ON_DEMAND" } }),
    ]),
  );
  await (await setup.stream()).text();
  expect(setup.events[0]?.use).toMatchObject({ input: 9, output: 22, reasoning: 20 });
});

test("a stream that breaks ends with an error event, which the SDK throws; an array ends as valid JSON", async () => {
  const broken = cutAfter(2, "reset", answer({ text: "Hello you all", chunks: 4 }));
  setup.provider.script(broken, broken);
  const stream = await setup.google.models.generateContentStream({ model: "small", contents: "Hi" });
  await expect(Array.fromAsync(stream)).rejects.toMatchObject({ status: 502 });
  const chunks = (await (await setup.stream({}, "json")).json()) as { error?: { code: number; status: string } }[];
  expect(chunks.at(-1)?.error).toMatchObject({ code: 502, status: "INTERNAL" });
  expect(setup.events.map(({ outcome }) => outcome)).toEqual(["failed", "failed"]);
});

test.each([{}, { candidates: [] }, { candidates: null }, { candidates: ["x"] }, { error: "broken" }, { error: {} }])(
  "a whole answer %j with status 200 is none: another attempt is made",
  async (body) => {
    setup.provider.script(raw([JSON.stringify(body)], { "content-type": "application/json" }));
    const response = await setup.generate();
    expect([response.status, response.headers.get("x-tollgate-attempts")]).toEqual([200, "2"]);
  },
);

test("an error inside a stream before any text is the provider's refusal", async () => {
  const error = { code: 429, message: "Quota exceeded", status: "RESOURCE_EXHAUSTED" };
  setup.provider.scriptModel("gemini-2.5-flash", raw([`data: ${JSON.stringify({ error })}\r\n\r\n`]));
  const response = await setup.stream();
  expect([response.status, await response.json()]).toMatchObject([
    429,
    { error: { code: 429, status: "RESOURCE_EXHAUSTED", message: "Quota exceeded" } },
  ]);
});

test.each([
  [{ contents: undefined }, "contents"],
  [{ contents: [] }, "contents"],
  [{ contents: ["x"] }, "contents[0]"],
  [{ contents: [{ parts: ["x"] }] }, "contents[0].parts[0]"],
  [{ systemInstruction: "x" }, "systemInstruction"],
  [{ generationConfig: [] }, "generationConfig"],
  [{ generationConfig: { maxOutputTokens: "9" } }, "generationConfig.maxOutputTokens"],
  [{ generationConfig: { candidateCount: 99 } }, "generationConfig.candidateCount"],
  [{ generationConfig: { maxOutputTokens: 1, max_output_tokens: 2 } }, "generationConfig.max_output_tokens"],
  [{ generationConfig: {}, generation_config: {} }, "generation_config"],
  [{ tools: ["x"] }, "tools[0]"],
  [{ tools: [{ functionDeclarations: ["x"] }] }, "tools[0].functionDeclarations[0]"],
])("%j is refused by name in Google's format", async (given, field) => {
  const response = await setup.generate(given);
  expect([response.status, await response.json()]).toMatchObject([
    400,
    { error: { code: 400, status: "INVALID_ARGUMENT", details: [{}, { fieldViolations: [{ field }] }] } },
  ]);
  expect(setup.provider.requests).toEqual([]);
});

test("a schema may name its properties freely; a field that could redirect the call is refused", async () => {
  const parameters = { type: "OBJECT", properties: { api_key: { type: "STRING" } } };
  const tools = [{ function_declarations: [{ name: "f", parameters }] }];
  const functionCall = { name: "f", args: { base_url: "x" } };
  const contents = [{ role: "model", parts: [{ functionCall }] }];
  expect((await setup.generate({ tools, contents })).status).toBe(200);
  expect((await setup.generate({ generationConfig: { base_url: "x" } })).status).toBe(400);
});

test("errors of each stage have Google's status and reason", async () => {
  const failed = async (given: Promise<Response>) => {
    const { error } = (await (await given).json()) as { error: { status: string; details: { reason: string }[] } };
    return [(await given).status, error.status, error.details[0]?.reason];
  };
  const post = (path: string, headers = {}) => setup.postTo(path, ask(), headers);
  expect(await failed(post("/v1beta/models/none:generateContent"))).toEqual([404, "NOT_FOUND", "MODEL_NOT_FOUND"]);
  expect(await failed(post("/google/v1beta/files"))).toEqual([404, "NOT_FOUND", "NOT_FOUND"]);
  expect(await failed(post("/v1/models/small:generateContent", { authorization: "Bearer x" }))).toEqual([
    ...[401, "UNAUTHENTICATED", "INVALID_API_KEY"],
  ]);
  expect(await failed(setup.get("/v1/models/small:generateContent"))).toEqual([
    ...[405, "INVALID_ARGUMENT", "METHOD_NOT_ALLOWED"],
  ]);
  expect((await post("/v1beta/models/%E0%A4%A:generateContent")).status).toBe(400);
  expect((await post("/v1beta/models/small:streamGenerateContent?alt=proto")).status).toBe(400);
  setup.provider.script(status(400, { body: '{"error":{"code":400,"message":"Bad","status":"INVALID_ARGUMENT"}}' }));
  expect(await failed(setup.generate())).toEqual([400, "INVALID_ARGUMENT", "UPSTREAM_REJECTED"]);
});

test("a large image in an event passes, and its usage is counted", async () => {
  const data = "A".repeat(3_000_000);
  const parts = [{ inlineData: { mimeType: "image/png", data } }];
  const event = {
    candidates: [{ content: { parts }, finishReason: "STOP", index: 0 }],
    usageMetadata: {
      promptTokenCount: 5,
      candidatesTokenCount: 1_290,
      candidatesTokensDetails: [{ modality: "IMAGE", tokenCount: 1_290 }],
    },
  };
  setup.provider.script(raw([`data: ${JSON.stringify(event)}\r\n\r\n`]));
  const text = await (await setup.stream()).text();
  expect(text).toContain(data);
  expect(setup.events[0]).toMatchObject({ outcome: "complete", use: { output: 1_290, imageOutput: 1_290 }, flags: [] });
});
