import { type Provider, startProvider } from "@tollgate/testkit/provider";
import { raw } from "@tollgate/testkit/provider-behaviour";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { credential, model, openSetup, type Setup, target } from "../setup.ts";

// Log probabilities, and several answers, in front of providers of another format.

let provider: Provider;
let setup: Setup;
beforeEach(async () => {
  provider = await startProvider();
});
afterEach(async () => {
  await setup.close();
  await provider.close();
});

const json = (answer: object) => raw([JSON.stringify(answer)], { "content-type": "application/json" });
const frames = (...list: object[]) =>
  raw(list.map((each) => `data: ${JSON.stringify(each)}\n\n`).concat("data: [DONE]\n\n"));
const googleFrames = (...list: object[]) => raw(list.map((each) => `data: ${JSON.stringify(each)}\r\n\r\n`));

async function open(providerId: string, upstreamModel: string): Promise<void> {
  const main = credential(`${provider.url}${providerId === "google" ? "/v1beta" : "/v1"}`, { provider: providerId });
  setup = await openSetup({ org: { credentials: [main], models: [model([target(main.id, { upstreamModel })])] } });
}
const sent = () => JSON.parse(provider.requests.at(-1)?.body.toString() ?? "null");
const dataOf = (text: string) =>
  text.split(/\r?\n\r?\n/).flatMap((event) => {
    const [, data = ""] = /^data: (\{.*)$/m.exec(event) ?? [];
    return data === "" ? [] : [JSON.parse(data)];
  });

const TOKENS = [
  { token: "It", logprob: -0.5, bytes: [73, 116], top_logprobs: [{ token: "It", logprob: -0.5, bytes: [73, 116] }] },
  {
    token: " rains",
    logprob: -1,
    bytes: [...Buffer.from(" rains")],
    top_logprobs: [{ token: " rains", logprob: -1, bytes: [...Buffer.from(" rains")] }],
  },
];
const AT_GOOGLE = {
  chosenCandidates: [
    { token: "It", logProbability: -0.5 },
    { token: " rains", logProbability: -1 },
  ],
  topCandidates: [
    { candidates: [{ token: "It", logProbability: -0.5 }] },
    { candidates: [{ token: " rains", logProbability: -1 }] },
  ],
};
const geminiUsage = { promptTokenCount: 3, candidatesTokenCount: 2, totalTokenCount: 5 };
const gemini = (text: string, fields: object) => ({
  candidates: [{ content: { role: "model", parts: [{ text }] }, index: 0, ...fields }],
  usageMetadata: geminiUsage,
});
const chat = (choice: object) => ({
  ...{ id: "c", object: "chat.completion", created: 1, model: "m", usage: { prompt_tokens: 3, completion_tokens: 2 } },
  choices: [{ index: 0, ...choice }],
});

const question = [{ role: "user", content: "Weather?" }];

describe("a chat client in front of Google", () => {
  test("gets log probabilities", async () => {
    await open("google", "gemini-2.5-flash");
    provider.script(json(gemini("It rains", { finishReason: "STOP", logprobsResult: AT_GOOGLE })));
    const reply = await setup.post({ model: "small", messages: question, logprobs: true, top_logprobs: 1 });
    expect((await reply.json()).choices[0].logprobs).toEqual({ content: TOKENS, refusal: null });
    expect(sent().generationConfig).toMatchObject({ responseLogprobs: true, logprobs: 1 });
  });

  test("gets them with the text of a stream", async () => {
    await open("google", "gemini-2.5-flash");
    const first = { chosenCandidates: AT_GOOGLE.chosenCandidates.slice(0, 1) };
    provider.script(googleFrames(gemini("It", { logprobsResult: first }), gemini(" rains", { finishReason: "STOP" })));
    const reply = await setup.post({ model: "small", messages: question, logprobs: true, stream: true });
    const said = dataOf(await reply.text()).flatMap(({ choices }) =>
      choices.flatMap((choice: { delta: { content?: string }; logprobs: unknown }) =>
        choice.delta.content ? [[choice.delta.content, choice.logprobs]] : [],
      ),
    );
    const { top_logprobs: _, ...token } = TOKENS[0] ?? {};
    expect(said).toEqual([
      ["It", { content: [{ ...token, top_logprobs: [] }], refusal: null }],
      [" rains", null],
    ]);
  });
});

describe("a Responses client in front of a chat provider", () => {
  const include = ["message.output_text.logprobs"];

  test("gets log probabilities", async () => {
    await open("groq", "llama-3.3-70b");
    const message = { role: "assistant", content: "It rains" };
    provider.script(json(chat({ message, finish_reason: "stop", logprobs: { content: TOKENS } })));
    const body = { model: "small", input: "Weather?", include, top_logprobs: 1, store: false };
    const reply = await setup.postTo("/v1/responses", body);
    expect((await reply.json()).output).toMatchObject([{ content: [{ text: "It rains", logprobs: TOKENS }] }]);
    expect(sent()).toMatchObject({ logprobs: true, top_logprobs: 1 });
  });

  test("gets them with the text of a stream", async () => {
    await open("groq", "llama-3.3-70b");
    const delta = (content: string, tokens: object[]) =>
      chat({ delta: { role: "assistant", content }, finish_reason: null, logprobs: { content: tokens } });
    provider.script(
      frames(
        delta("It", TOKENS.slice(0, 1)),
        delta(" rains", TOKENS.slice(1)),
        chat({ delta: {}, finish_reason: "stop" }),
      ),
    );
    const body = { model: "small", input: "Weather?", include, top_logprobs: 1, store: false, stream: true };
    const events = dataOf(await (await setup.postTo("/v1/responses", body)).text());
    const ofType = (type: string) => events.filter((event) => event.type === type);
    expect(ofType("response.output_text.delta").map(({ logprobs }) => logprobs)).toEqual([[TOKENS[0]], [TOKENS[1]]]);
    expect(ofType("response.output_text.done")[0].logprobs).toEqual(TOKENS);
    expect(ofType("response.completed")[0].response.output[0].content[0].logprobs).toEqual(TOKENS);
  });
});

test("Google's client gets log probabilities of a chat provider", async () => {
  await open("groq", "llama-3.3-70b");
  const message = { role: "assistant", content: "It rains" };
  provider.script(json(chat({ message, finish_reason: "stop", logprobs: { content: TOKENS } })));
  const body = {
    contents: [{ role: "user", parts: [{ text: "Hi" }] }],
    generationConfig: { responseLogprobs: true, logprobs: 1 },
  };
  const reply = await setup.postTo("/v1beta/models/small:generateContent", body);
  expect((await reply.json()).candidates[0]).toMatchObject({ logprobsResult: AT_GOOGLE, avgLogprobs: -0.75 });
});

test("log probabilities of OpenAI's own API reach a chat client", async () => {
  await open("openai", "gpt-5.1-codex");
  const text = { type: "output_text", text: "It rains", annotations: [], logprobs: TOKENS };
  provider.script(
    json({
      ...{
        id: "r",
        object: "response",
        created_at: 1,
        model: "m",
        status: "completed",
        usage: { input_tokens: 3, output_tokens: 2 },
      },
      output: [{ type: "message", id: "msg_1", role: "assistant", status: "completed", content: [text] }],
    }),
  );
  const reply = await setup.post({ model: "small", messages: question, logprobs: true, top_logprobs: 1 });
  expect((await reply.json()).choices[0].logprobs).toEqual({ content: TOKENS, refusal: null });
  expect(sent()).toMatchObject({ top_logprobs: 1, include: expect.arrayContaining(["message.output_text.logprobs"]) });
});

test.each([
  ["/v1/chat/completions", { messages: question, logprobs: true }, "logprobs"],
  ["/v1/chat/completions", { messages: question, n: 2 }, "n"],
  ["/v1/responses", { input: "Hi", include: ["message.output_text.logprobs"] }, "include"],
  ["/v1/responses", { input: "Hi", top_logprobs: 2 }, "top_logprobs"],
])("%s refuses %j by name where the provider has none", async (path, fields, param) => {
  await open("anthropic", "claude-sonnet-4-6");
  const refused = await setup.postTo(path, { model: "small", ...fields });
  expect([refused.status, (await refused.json()).error.param]).toEqual([400, param]);
  expect(provider.requests).toHaveLength(0);
});

describe("log probabilities that are wrong are refused by name when translated:", () => {
  test.each([
    ["/v1/chat/completions", { messages: question, logprobs: "x" }, "logprobs"],
    ["/v1/chat/completions", { messages: question, logprobs: true, top_logprobs: 21 }, "top_logprobs"],
    ["/v1/chat/completions", { messages: question, logprobs: true, top_logprobs: -1 }, "top_logprobs"],
    ["/v1/chat/completions", { messages: question, logprobs: true, top_logprobs: 1.5 }, "top_logprobs"],
    ["/v1/chat/completions", { messages: question, top_logprobs: 5 }, "top_logprobs"],
    ["/v1/responses", { input: "Hi", store: false, top_logprobs: 1e9 }, "top_logprobs"],
  ])("%s %j", async (path, fields, param) => {
    await open("google", "gemini-2.5-flash");
    const refused = await setup.postTo(path, { model: "small", ...fields });
    expect([refused.status, (await refused.json()).error.param]).toEqual([400, param]);
    expect(provider.requests).toHaveLength(0);
  });
});
