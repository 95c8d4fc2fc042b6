import { createAzure } from "@ai-sdk/azure";
import { type Provider, startProvider } from "@tollgate/testkit/provider";
import { answer } from "@tollgate/testkit/provider-behaviour";
import { embedMany, generateText, streamText } from "ai";
import { AzureOpenAI, toFile } from "openai";
import { afterAll, beforeAll, expect, test } from "vitest";
import { credential, model, openSetup, type Setup, target } from "../setup.ts";
import { type OperationSetup, openOperation } from "./operation-setup.ts";

let provider: Provider;
let setup: Setup;
let openai: OperationSetup;

beforeAll(async () => {
  provider = await startProvider();
  const [main, claude] = [
    credential(`${provider.url}/v1`),
    credential(`${provider.url}/v1`, { provider: "anthropic" }),
  ] as const;
  const models = [
    model([target(main.id)]),
    model([target(claude.id, { upstreamModel: "claude-haiku-4-5" })], { name: "acme/claude" }),
  ];
  setup = await openSetup({ org: { credentials: [main, claude], models } });
  openai = await openOperation({ provider: "openai", upstreamModel: "gpt-4o-mini", path: "/v1" });
});
afterAll(async () => {
  await Promise.all([setup.close(), openai.close()]);
  await provider.close();
});

const messages = [{ role: "user" as const, content: "Say hello" }];
const clientOf = ({ url, key }: Setup, given = {}) =>
  new AzureOpenAI({ endpoint: url, apiKey: key, apiVersion: "2024-10-21", maxRetries: 0, ...given });

test.each(["small", "acme/claude"])("AzureOpenAI chats with %s by its deployment, streamed too", async (name) => {
  const client = clientOf(setup);
  provider.script(answer({ text: "Hello!" }), answer({ text: "one two" }));
  const completion = await client.chat.completions.create({ model: name, messages });
  expect(completion.choices[0]?.message.content).toBe("Hello!");
  let text = "";
  for await (const chunk of await client.chat.completions.create({ model: name, messages, stream: true }))
    text += chunk.choices[0]?.delta.content ?? "";
  expect(text).toBe("one two");
  expect(setup.events.slice(-2)).toMatchObject([{ model: name }, { model: name }]);
  expect(provider.requests.at(-1)?.headers).not.toHaveProperty("api-key");
});

test("the deployment of the client counts, and not the model in the body", async () => {
  const client = clientOf(setup, { deployment: "acme/claude" });
  provider.script(answer({ text: "Hi" }));
  await client.chat.completions.create({ model: "small", messages });
  expect(setup.events.at(-1)).toMatchObject({ model: "acme/claude", upstreamModel: "claude-haiku-4-5" });
});

test("AzureOpenAI reaches embeddings, images, speech, transcriptions, completions and responses", async () => {
  const client = clientOf(openai);
  openai.answer({
    ...{ object: "list", model: "m", data: [{ object: "embedding", index: 0, embedding: [1, 2] }] },
    usage: { prompt_tokens: 1, total_tokens: 1 },
  });
  const vectors = await client.embeddings.create({ model: "small", input: "a", encoding_format: "float" });
  expect(vectors.data[0]?.embedding).toEqual([1, 2]);
  openai.answer({ created: 1, data: [{ b64_json: "AAAA" }] });
  expect((await client.images.generate({ model: "small", prompt: "a cat" })).data?.[0]?.b64_json).toBe("AAAA");
  openai.answer({ headers: { "content-type": "audio/mpeg" }, body: Buffer.from("mp3") });
  const speech = await client.audio.speech.create({ model: "small", voice: "alloy", input: "Hi" });
  expect(await speech.text()).toBe("mp3");
  openai.answer({ text: "Hello", usage: { type: "duration", seconds: 1 } });
  const file = await toFile(Buffer.from("RIFF"), "a.wav");
  expect((await client.audio.transcriptions.create({ model: "small", file })).text).toBe("Hello");
  openai.answer({ choices: [{ text: "x", finish_reason: "stop" }], usage: { prompt_tokens: 1, completion_tokens: 1 } });
  expect((await client.completions.create({ model: "small", prompt: "a" })).choices[0]?.text).toBe("x");
  openai.answer({
    ...{ id: "resp_1", object: "response", status: "completed", model: "gpt-4o-mini", error: null },
    output: [{ type: "message", role: "assistant", content: [{ type: "output_text", text: "Hi", annotations: [] }] }],
    usage: { input_tokens: 1, output_tokens: 1, total_tokens: 2 },
  });
  expect((await client.responses.create({ model: "small", input: "Hi" })).output_text).toBe("Hi");
  expect(openai.seen.map(({ path }) => path)).toEqual([
    ...["/v1/embeddings", "/v1/images/generations", "/v1/audio/speech", "/v1/audio/transcriptions"],
    ...["/v1/completions", "/v1/responses"],
  ]);
  expect(openai.seen[0]?.json.model).toBe("gpt-4o-mini");
});

test("@ai-sdk/azure chats with both kinds of URLs, and embeds", async () => {
  for (const useDeploymentBasedUrls of [true, false]) {
    const azure = createAzure({ baseURL: `${setup.url}/openai`, apiKey: setup.key, useDeploymentBasedUrls });
    provider.script(answer({ text: "Hello!" }), answer({ text: "one two" }));
    expect((await generateText({ model: azure.chat("small"), prompt: "Hi", maxRetries: 0 })).text).toBe("Hello!");
    const { textStream } = streamText({ model: azure.chat("acme/claude"), prompt: "Hi", maxRetries: 0 });
    expect((await Array.fromAsync(textStream)).join("")).toBe("one two");
  }
  const azure = createAzure({ baseURL: `${openai.url}/openai`, apiKey: openai.key });
  openai.answer({
    ...{ object: "list", model: "m", data: [{ object: "embedding", index: 0, embedding: [1, 2] }] },
    usage: { prompt_tokens: 1, total_tokens: 1 },
  });
  const { embeddings } = await embedMany({ model: azure.embedding("small"), values: ["a"], maxRetries: 0 });
  expect(embeddings).toEqual([[1, 2]]);
});

test.each([
  ["no model in the body", "/openai/deployments/small/chat/completions?api-version=2024-10-21", 200],
  ["a version that does not exist", "/openai/deployments/small/chat/completions?api-version=%00&x=1", 200],
  ["an escaped name", "/openai/deployments/acme%2Fclaude/chat/completions", 200],
  ["an unknown model", "/openai/deployments/ghost/chat/completions", 404],
  ["a broken escape", "/openai/deployments/%E0%A4%A/chat/completions", 400],
  ["a name of control characters", "/openai/deployments/a%00b/chat/completions", 400],
  ["a huge name", `/openai/deployments/${"a".repeat(5_000)}/chat/completions`, 400],
  ["no name", "/openai/deployments//chat/completions", 404],
  ["an unknown operation", "/openai/deployments/small/fine_tuning/jobs", 404],
])("a deployment's path with %s", async (_what, path, status) => {
  const response = await fetch(setup.url + path, {
    method: "POST",
    headers: { "api-key": setup.key, "content-type": "application/json" },
    body: JSON.stringify({ messages }),
  });
  expect(response.status).toBe(status);
  if (status !== 200) expect(await response.json()).toMatchObject({ error: { message: expect.any(String) } });
});

test("the same body at two deployments has two answers in the cache", async () => {
  const models = setup.org.models.map((each) => ({ ...each, cacheTtlSeconds: 60 }));
  setup.change({ models });
  provider.script(answer({ text: "of small" }), answer({ text: "of claude" }));
  const ask = async (name: string) =>
    await (await setup.postTo(`/openai/deployments/${name}/chat/completions`, { messages })).text();
  const said = [await ask("small"), await ask("acme/claude"), await ask("small")];
  expect(said.map((text) => /of (?:small|claude)/.exec(text)?.[0])).toEqual(["of small", "of claude", "of small"]);
  expect(setup.events.at(-1)?.cache).toBe("hit");
});
