import { afterEach, describe, expect, test } from "vitest";
import { openLessons } from "../../src/routing/lessons.ts";
import { type OperationSetup, openOperation } from "../operations/operation-setup.ts";

let setup: OperationSetup;
let learnt: { fields: object }[] = [];
afterEach(() => {
  learnt = [];
  return setup.close();
});

const chat = { messages: [{ role: "user", content: "Hi" }], temperature: 0.2 };
const ANSWERS: Record<string, object> = {
  "openai-chat": {
    ...{ id: "1", object: "chat.completion", model: "m" },
    choices: [{ index: 0, message: { role: "assistant", content: "Hi." }, finish_reason: "stop" }],
    usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
  },
  "openai-responses": {
    ...{ id: "resp_1", object: "response", status: "completed", model: "m" },
    output: [
      {
        type: "message",
        id: "msg_1",
        role: "assistant",
        content: [{ type: "output_text", text: "Hi.", annotations: [] }],
      },
    ],
    usage: { input_tokens: 1, output_tokens: 1, total_tokens: 2 },
  },
  "anthropic-messages": {
    ...{ id: "msg_1", type: "message", role: "assistant", model: "m", stop_reason: "end_turn" },
    content: [{ type: "text", text: "Hi." }],
    usage: { input_tokens: 1, output_tokens: 1 },
  },
  "google-generate": {
    candidates: [{ content: { role: "model", parts: [{ text: "Hi." }] }, finishReason: "STOP", index: 0 }],
    usageMetadata: { promptTokenCount: 1, candidatesTokenCount: 1, totalTokenCount: 2 },
  },
  "bedrock-converse": {
    output: { message: { role: "assistant", content: [{ text: "Hi." }] } },
    ...{
      stopReason: "end_turn",
      usage: { inputTokens: 1, outputTokens: 1, totalTokens: 2 },
      metrics: { latencyMs: 1 },
    },
  },
  "cohere-chat": {
    ...{ id: "1", finish_reason: "COMPLETE", message: { role: "assistant", content: [{ type: "text", text: "Hi." }] } },
    usage: { billed_units: { input_tokens: 1, output_tokens: 1 } },
  },
  "openai-embed": { object: "list", model: "m", data: [{ index: 0, embedding: [1] }], usage: { prompt_tokens: 1 } },
};

interface Case {
  name: string;
  provider: string;
  upstreamModel?: string;
  wire: string;
  path: string;
  body: object;
  refusal: object;
  /** How the provider's request names the field. */
  sent: RegExp;
  /** How the client is told. */
  ignored: string;
  learnt: string;
}

const GOOGLE_BODY = { contents: [{ parts: [{ text: "Hi" }] }], generationConfig: { topK: 5, temperature: 0.2 } };
const unknownName = (name: string) => ({
  error: {
    code: 400,
    status: "INVALID_ARGUMENT",
    message: `Invalid JSON payload received. Unknown name "${name}" at 'generation_config': Cannot find field.`,
  },
});

const CASES: Case[] = [
  {
    ...{
      name: "responses, a field inside an object",
      provider: "openai",
      wire: "openai-responses",
      path: "/v1/responses",
    },
    body: { input: "Hi", store: false, reasoning: { effort: "high", summary: "auto" } },
    refusal: {
      error: {
        message: "Unsupported parameter: 'reasoning.effort' is not supported with this model.",
        param: "reasoning.effort",
      },
    },
    ...{ sent: /"effort"/, ignored: "reasoning.effort", learnt: "reasoning.effort" },
  },
  {
    ...{ name: "messages", provider: "anthropic", wire: "anthropic-messages", path: "/v1/messages" },
    body: { ...chat, max_tokens: 9, top_k: 5 },
    refusal: {
      type: "error",
      error: { type: "invalid_request_error", message: "`top_k` is deprecated for this model." },
    },
    ...{ sent: /"top_k"/, ignored: "top_k", learnt: "top_k" },
  },
  {
    ...{ name: "Google", provider: "google", wire: "google-generate", path: "/v1beta/models/small:generateContent" },
    ...{ body: GOOGLE_BODY, refusal: unknownName("topK") },
    ...{ sent: /"topK"/, ignored: "generationConfig.topK", learnt: "generationConfig.topK" },
  },
  {
    ...{ name: "Google in its other spelling", provider: "google", wire: "google-generate" },
    path: "/v1beta/models/small:generateContent",
    body: { contents: GOOGLE_BODY.contents, generation_config: { top_k: 5, max_output_tokens: 7 } },
    ...{
      refusal: unknownName("top_k"),
      sent: /"top_k"/,
      ignored: "generationConfig.topK",
      learnt: "generationConfig.topK",
    },
  },
  {
    ...{ name: "embeddings, a default value", provider: "openai", wire: "openai-embed", path: "/v1/embeddings" },
    body: { input: "Hi", encoding_format: "float" },
    refusal: { error: { message: "encoding_format is not supported", param: "encoding_format" } },
    ...{ sent: /encoding_format/, ignored: "encoding_format", learnt: "encoding_format" },
  },
  {
    ...{ name: "chat at Bedrock", provider: "bedrock", wire: "bedrock-converse", path: "/v1/chat/completions" },
    body: chat,
    refusal: { message: "The model returned the following errors: temperature: Extra inputs are not permitted" },
    ...{ sent: /"temperature"/, ignored: "temperature", learnt: "inferenceConfig.temperature" },
  },
  {
    ...{ name: "chat at Anthropic", provider: "anthropic", wire: "anthropic-messages", path: "/v1/chat/completions" },
    body: { ...chat, max_tokens: 9 },
    refusal: {
      type: "error",
      error: { type: "invalid_request_error", message: "`temperature` is deprecated for this model." },
    },
    ...{ sent: /"temperature"/, ignored: "temperature", learnt: "temperature" },
  },
  {
    ...{ name: "messages at Google", provider: "google", wire: "google-generate", path: "/v1/messages" },
    body: { ...chat, max_tokens: 9, top_k: 5 },
    ...{ refusal: unknownName("topK"), sent: /"topK"/, ignored: "top_k", learnt: "generationConfig.topK" },
  },
  {
    ...{ name: "messages at a model of the Responses API", provider: "openai", upstreamModel: "gpt-5-codex" },
    ...{
      wire: "openai-responses",
      path: "/v1/messages",
      body: { ...chat, max_tokens: 9, metadata: { user_id: "u1" } },
    },
    refusal: { error: { message: "Unsupported parameter: 'user' is not supported with this model.", param: "user" } },
    ...{ sent: /"user":"u1"/, ignored: "user", learnt: "user" },
  },
  {
    ...{ name: "messages at Cohere", provider: "cohere", wire: "cohere-chat", path: "/v1/messages" },
    body: { ...chat, max_tokens: 9 },
    refusal: { message: "temperature is not supported by this model" },
    ...{ sent: /"temperature"/, ignored: "temperature", learnt: "temperature" },
  },
];

test.each(CASES.map((each) => [each.name, each] as const))(
  "%s: a refused field is left out, remembered and named",
  async (_name, { provider, upstreamModel = "m", wire, path, body, refusal, sent, ignored, learnt: field }) => {
    const lessons = openLessons({ monotonic: () => 0, onLearnt: (_org, lesson) => learnt.push(lesson) });
    setup = await openOperation({ provider, upstreamModel }, { ports: { lessons } });
    setup.answer((request) => (sent.test(request) ? { status: 400, body: refusal } : { body: ANSWERS[wire] ?? {} }));
    for (let call = 0; call < 2; call++) {
      const response = await setup.postTo(path, { model: "small", ...body });
      expect([response.status, response.headers.get("x-tollgate-ignored") ?? ""]).toEqual([
        200,
        expect.stringContaining(ignored),
      ]);
    }
    expect(setup.seen.map((each) => sent.test(each.body.toString()))).toEqual([true, false, false]);
    expect(learnt.map(({ fields }) => Object.keys(fields))).toEqual([[field]]);
    expect(setup.events.map(({ attempts }) => attempts.length)).toEqual([2, 1]);
  },
);

test("a field that is refused only beside others is left out of this call, and not of later ones", async () => {
  const lessons = openLessons({ monotonic: () => 0, onLearnt: (_org, lesson) => learnt.push(lesson) });
  setup = await openOperation({ provider: "anthropic", upstreamModel: "m" }, { ports: { lessons } });
  const message = "`top_k` is not supported when thinking is enabled.";
  setup.answer((request) =>
    /"thinking".*"top_k"/.test(request)
      ? { status: 400, body: { type: "error", error: { type: "invalid_request_error", message } } }
      : { body: ANSWERS["anthropic-messages"] ?? {} },
  );
  const plain = { messages: chat.messages, max_tokens: 2_000, top_k: 5 };
  const thinking = { type: "enabled", budget_tokens: 1_024 };
  expect((await setup.postTo("/v1/messages", { model: "small", thinking, ...plain })).status).toBe(200);
  expect((await setup.postTo("/v1/messages", { model: "small", ...plain })).status).toBe(200);
  expect(setup.seen.map(({ body }) => body.includes("top_k"))).toEqual([true, false, true]);
  expect(learnt).toEqual([]);
});

describe("what changes the meaning stays", () => {
  test.each([
    ["anthropic", "/v1/messages", { ...chat, max_tokens: 9, stop_sequences: ["x"] }, "stop_sequences"],
    ["anthropic", "/v1/messages", { ...chat, max_tokens: 9 }, "max_tokens"],
    ["openai", "/v1/embeddings", { input: "Hi", dimensions: 5 }, "dimensions"],
    ["openai", "/v1/responses", { input: "Hi", store: false, max_output_tokens: 9 }, "max_output_tokens"],
    ["openai", "/v1/responses", { input: "Hi", store: false, service_tier: "flex" }, "service_tier"],
  ])("%s %s: %s", async (provider, path, body, field) => {
    setup = await openOperation({ provider, upstreamModel: "m" });
    setup.answer({ status: 400, body: { error: { message: `${field} is not supported`, param: field } } });
    expect((await setup.postTo(path, { model: "small", ...body })).status).toBe(400);
    expect(setup.seen).toHaveLength(1);
  });
});
