import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, it } from "vitest";
import { ask, credential, model, openSetup, PROVIDER_SECRET, type Setup, target } from "../setup.ts";

interface Seen {
  path: string;
  headers: IncomingHttpHeaders;
  body: Record<string, unknown>;
}

/** An answer of Gemini, unchanged. */
const usageMetadata = { promptTokenCount: 12, candidatesTokenCount: 5, thoughtsTokenCount: 40, totalTokenCount: 57 };
const candidate = (parts: object[], finishReason?: string) => ({
  candidates: [{ content: { role: "model", parts }, ...(finishReason && { finishReason }), index: 0 }],
  usageMetadata,
  modelVersion: "gemini-2.5-flash",
  responseId: "r1",
});

let server: Server;
let setup: Setup;
let seen: Seen[];
let answers: { status?: number; body: object | object[] }[];

beforeEach(async () => {
  seen = [];
  answers = [];
  server = createServer(async (request, response) => {
    const body = JSON.parse(Buffer.concat(await request.toArray()).toString());
    seen.push({ path: request.url ?? "", headers: request.headers, body });
    const { status = 200, body: said } = answers.shift() ?? { body: candidate([{ text: "Hi." }], "STOP") };
    const isStream = Array.isArray(said);
    response.writeHead(status, { "content-type": isStream ? "text/event-stream" : "application/json" });
    response.end(
      isStream ? said.map((each) => `data: ${JSON.stringify(each)}\r\n\r\n`).join("") : JSON.stringify(said),
    );
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const main = credential(`http://127.0.0.1:${(server.address() as AddressInfo).port}/v1beta`, { provider: "google" });
  const models = [
    model([target(main.id, { upstreamModel: "gemini-2.5-flash" })]),
    model([target(main.id, { upstreamModel: "gemini-2.5-flash-image" })], { name: "painter" }),
  ];
  setup = await openSetup({ org: { credentials: [main], models } });
});
afterEach(async () => {
  await setup.close();
  server.close();
});

interface Chat {
  choices: { message: { content: string | null; tool_calls?: Record<string, unknown>[] }; finish_reason: string }[];
  usage: object;
}
const chat = async (given: Record<string, unknown> = {}): Promise<Chat> =>
  (await (await setup.post(ask(given))).json()) as Chat;

it("chats with Gemini; thinking counts as output", async () => {
  const { choices, usage } = await chat({
    messages: [
      { role: "system", content: "S" },
      { role: "user", content: "U" },
    ],
    seed: 7,
  });
  expect(choices).toMatchObject([{ message: { content: "Hi." }, finish_reason: "stop" }]);
  expect(usage).toMatchObject({
    prompt_tokens: 12,
    completion_tokens: 45,
    completion_tokens_details: { reasoning_tokens: 40 },
  });
  expect(seen[0]?.path).toBe("/v1beta/models/gemini-2.5-flash:generateContent");
  expect(seen[0]?.headers["x-goog-api-key"]).toBe(PROVIDER_SECRET);
  expect(seen[0]?.body).toMatchObject({
    systemInstruction: { parts: [{ text: "S" }] },
    contents: [{ role: "user", parts: [{ text: "U" }] }],
    generationConfig: { seed: 7 },
  });
  expect(setup.events).toMatchObject([
    { provider: "google", source: "provider", use: { input: 12, output: 45, reasoning: 40 } },
  ]);
});

it("streams", async () => {
  answers.push({ body: [candidate([{ text: "Hel" }]), candidate([{ text: "lo" }], "STOP")] });
  const text = await (await setup.post(ask({ stream: true, stream_options: { include_usage: true } }))).text();
  const said = [...text.matchAll(/"content":"([^"]*)"/g)].map((match) => match[1]).join("");
  expect(said).toBe("Hello");
  expect(text).toContain('"finish_reason":"stop"');
  expect(text).toContain('"completion_tokens":45');
  expect(text.endsWith("data: [DONE]\n\n")).toBe(true);
  expect(seen[0]?.path).toBe("/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse");
});

it.each([false, true])(
  "a tool call has its signature, which is sent back with the result (stream: %s)",
  async (stream) => {
    const called = candidate([{ functionCall: { name: "f", args: { a: 1 } }, thoughtSignature: "sig" }], "STOP");
    answers.push({ body: stream ? [called] : called });
    const tools = [{ type: "function", function: { name: "f", parameters: { type: "object", properties: {} } } }];
    const text = await (await setup.post(ask({ tools, stream }))).text();
    expect(text).toContain('"extra_content":{"google":{"thought_signature":"sig"}}');
    expect(text).toContain('"finish_reason":"tool_calls"');
    // Official clients read the function of each delta.
    for (const [calls] of text.matchAll(/"tool_calls":\[\{.*?\}\]/g)) expect(calls).toContain('"function":{');

    const call = {
      id: "c1",
      type: "function",
      function: { name: "f", arguments: '{"a":1}' },
      extra_content: { google: { thought_signature: "sig" } },
    };
    const messages = [
      { role: "user", content: "?" },
      { role: "assistant", content: null, tool_calls: [call] },
      { role: "tool", tool_call_id: "c1", content: "42" },
    ];
    await chat({ tools, messages });
    expect(seen[1]?.body.contents).toMatchObject([
      {},
      { role: "model", parts: [{ functionCall: { name: "f", args: { a: 1 } }, thoughtSignature: "sig" }] },
      { role: "user", parts: [{ functionResponse: { name: "f" } }] },
    ]);
  },
);

it("sends images by value, and by an https address, which Gemini fetches itself", async () => {
  const image = (url: string) => ({
    messages: [{ role: "user", content: [{ type: "image_url", image_url: { url } }] }],
  });
  await chat(image("data:image/png;base64,iVBORw0KGgo="));
  expect(seen[0]?.body.contents).toMatchObject([
    { parts: [{ inlineData: { mimeType: "image/png", data: "iVBORw0KGgo=" } }] },
  ]);
  for (const url of ["https://example.com/a.png?x=1", "https://example.com/photo"]) await chat(image(url));
  expect(seen.slice(1).map(({ body }) => body.contents)).toMatchObject([
    [{ parts: [{ fileData: { mimeType: "image/png", fileUri: "https://example.com/a.png?x=1" } }] }],
    [{ parts: [{ fileData: { mimeType: "image/jpeg", fileUri: "https://example.com/photo" } }] }],
  ]);
  const refused = await setup.post(ask(image("http://169.254.169.254/a.png")));
  expect([refused.status, await refused.text()]).toEqual([400, expect.stringContaining("https")]);
  expect(seen).toHaveLength(3);
});

it.each([false, true])("an image is priced separately from the text (stream: %s)", async (stream) => {
  const drawn = {
    candidates: [
      {
        content: { role: "model", parts: [{ text: "Here." }, { inlineData: { mimeType: "image/png", data: "iVBO" } }] },
        finishReason: "STOP",
        index: 0,
      },
    ],
    usageMetadata: {
      promptTokenCount: 615,
      candidatesTokenCount: 1296,
      totalTokenCount: 1911,
      promptTokensDetails: [
        { modality: "IMAGE", tokenCount: 516 },
        { modality: "TEXT", tokenCount: 99 },
      ],
      candidatesTokensDetails: [{ modality: "IMAGE", tokenCount: 1290 }],
    },
  };
  answers.push({ body: stream ? [drawn] : drawn });
  const wanted = { model: "painter", stream, ...(stream && { stream_options: { include_usage: true } }) };
  const text = await (await setup.post(ask({ ...wanted, max_tokens: 2000 }))).text();
  expect(text).toContain('"completion_tokens_details":{"reasoning_tokens":0,"audio_tokens":0,"image_tokens":1290}');
  expect(text).toContain('"prompt_tokens_details":{"cached_tokens":0,"audio_tokens":0,"image_tokens":516}');
  const [event] = setup.events;
  expect(event).toMatchObject({
    use: { input: 615, imageInput: 516, output: 1296, imageOutput: 1290 },
    // 615 × $0.30 + 6 × $2.50 + 1,290 × $30, a million
    costNano: "38899500",
    flags: [],
  });
  // All of the 2,000 requested tokens may be image tokens.
  expect(BigInt(event?.heldNano ?? 0)).toBeGreaterThan(60_000_000n);
});

it("reads a delay that is only in the body", async () => {
  const details = [{ "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay: "52s" }];
  const error = { code: 429, message: "Quota exceeded", status: "RESOURCE_EXHAUSTED", details };
  answers.push({ status: 429, body: { error } }, { status: 429, body: { error } });
  const response = await setup.post(ask());
  expect([response.status, response.headers.get("retry-after")]).toEqual([429, "52"]);
});

it("a prompt that Gemini blocks gives a filtered answer, not a failure", async () => {
  answers.push({
    body: { promptFeedback: { blockReason: "SAFETY" }, usageMetadata: { promptTokenCount: 12, totalTokenCount: 12 } },
  });
  const { choices } = await chat();
  expect(choices[0]?.finish_reason).toBe("content_filter");
});

it.each([true, false])(
  "a malformed function call ends the call and is charged, not retried (stream: %s)",
  async (stream) => {
    const malformed = candidate([], "MALFORMED_FUNCTION_CALL");
    answers = [{ body: stream ? [malformed] : malformed }];
    await (await setup.post(ask({ stream }))).text();
    expect(seen).toHaveLength(1);
    expect(setup.events).toMatchObject([{ status: 502, outcome: "failed", use: { input: 12, output: 45 } }]);
    expect(BigInt(setup.events[0]?.costNano ?? 0)).toBeGreaterThan(0n);
  },
);

it("one tool call at a time cannot be asked for, and that is said", async () => {
  const tools = [{ type: "function", function: { name: "f", parameters: { type: "object", properties: {} } } }];
  const response = await setup.post(ask({ tools, parallel_tool_calls: false }));
  expect([response.status, response.headers.get("x-tollgate-ignored")]).toEqual([200, "parallel_tool_calls"]);
});

/** Details that answers of Gemini have, and in which its AI SDK package requires more. */
const odd: [string, object][] = [
  [
    "a count of zero in the usage",
    { usageMetadata: { ...usageMetadata, promptTokensDetails: [{ modality: "TEXT" }] } },
  ],
  ["a usage detail that is none", { usageMetadata: { ...usageMetadata, candidatesTokensDetails: [null, 3, {}] } }],
  [
    "a source without an address",
    { groundingMetadata: { groundingChunks: [{ web: { title: "x" } }, { web: { uri: "https://a.example" } }] } },
  ],
  ["a search entry without content", { groundingMetadata: { searchEntryPoint: {}, webSearchQueries: [7] } }],
  ["a context without an address", { urlContextMetadata: { urlMetadata: [{}] } }],
];
it.each(odd.flatMap(([name, given]) => [false, true].map((stream) => [name, given, stream] as const)))(
  "%s does not fail the call (%j, stream: %s)",
  async (_name, given, stream) => {
    const whole = candidate([{ text: "Hi é." }], "STOP");
    const said =
      "usageMetadata" in given
        ? { ...whole, ...given }
        : { ...whole, candidates: [{ ...whole.candidates[0], ...given }] };
    answers.push({ body: stream ? [candidate([{ text: "A " }]), said] : said });
    const response = await setup.post(ask({ stream }));
    const text = await response.text();
    expect(response.status).toBe(200);
    expect(text).toContain("Hi é.");
    expect(setup.events).toMatchObject([{ outcome: "complete", use: { input: 12, output: 45 }, attempts: [{}] }]);
    expect(text.includes("https://a.example")).toBe(JSON.stringify(given).includes("https://a.example"));
  },
);

const FILTERS = ["SAFETY", "MODEL_ARMOR", "LANGUAGE", "IMAGE_SAFETY", "IMAGE_PROHIBITED_CONTENT", "IMAGE_RECITATION"];
it.each(FILTERS.flatMap((reason) => [false, true].map((stream) => [reason, stream] as const)))(
  "an answer that %s ended is filtered, not complete (stream: %s)",
  async (reason, stream) => {
    const cut = candidate([{ text: "Hel" }], reason);
    answers.push({ body: stream ? [cut] : cut });
    const text = await (await setup.post(ask({ stream }))).text();
    expect(text).toContain('"finish_reason":"content_filter"');
  },
);

it.each(["MALFORMED_FUNCTION_CALL", "UNEXPECTED_TOOL_CALL", "MALFORMED_RESPONSE"])(
  "an answer that %s ended is a failure that is charged once",
  async (reason) => {
    answers.push({ body: candidate([], reason) });
    expect((await setup.post(ask())).status).toBe(502);
    expect(seen).toHaveLength(1);
    expect(setup.events).toMatchObject([{ outcome: "failed", use: { input: 12, output: 45 } }]);
  },
);

it.each([false, true])("an image that the model made reaches the client (stream: %s)", async (stream) => {
  const parts = [{ text: "Here." }, { inlineData: { mimeType: "image/png", data: "iVBO" } }];
  const drawn = candidate(parts, "STOP");
  answers.push({ body: stream ? [drawn] : drawn });
  const text = await (await setup.post(ask({ model: "painter", stream }))).text();
  expect(text).toContain('"images":[{');
  expect(text).toContain('"image_url":{"url":"data:image/png;base64,iVBO"}');
});
