import OpenAI from "openai";
import { afterEach, expect, test } from "vitest";
import { guardrail } from "../guardrails/guardrail.ts";
import { limit } from "../setup.ts";
import { type OperationSetup, openOperation } from "./operation-setup.ts";

let setup: OperationSetup;
afterEach(() => setup.close());

const USAGE = { prompt_tokens: 4, completion_tokens: 2, total_tokens: 6 };
const choice = (text: string, finish_reason: string | null = "stop") => ({
  index: 0,
  text,
  finish_reason,
  logprobs: null,
});
const completion = { id: "cmpl-1", object: "text_completion", choices: [choice(" there")], usage: USAGE };

async function open(...options: Parameters<typeof openOperation>[1][]): Promise<OpenAI> {
  setup = await openOperation({ provider: "openai", upstreamModel: "gpt-3.5-turbo-instruct" }, options[0]);
  setup.answer(completion);
  return new OpenAI({ apiKey: setup.key, baseURL: `${setup.url}/v1`, maxRetries: 0 });
}

test("a text completion passes and is charged like chat", async () => {
  const client = await open();
  const { choices } = await client.completions.create({ model: "small", prompt: "Hello", suffix: "!" });
  expect(choices[0]?.text).toBe(" there");
  expect(setup.seen[0]).toMatchObject({
    path: "/completions",
    json: { model: "gpt-3.5-turbo-instruct", prompt: "Hello", suffix: "!" },
  });
  // 4 × $1.50 + 2 × $2, a million
  expect(setup.events[0]).toMatchObject({ surface: "completions", costNano: "10000", use: { input: 4, output: 2 } });
});

test.each([true, false])("a stream, with usage for the client: %s", async (include_usage) => {
  const client = await open();
  const chunks = [
    { choices: [choice(" the", null)] },
    { choices: [choice("re", "stop")] },
    { choices: [], usage: USAGE },
  ];
  const frames = chunks.map((chunk) => `data: ${JSON.stringify({ object: "text_completion", ...chunk })}\n\n`);
  const headers = { "content-type": "text/event-stream" };
  setup.answer({ headers, body: Buffer.from(`${frames.join("")}data: [DONE]\n\n`) });
  const ask = { model: "small", prompt: "Hello", stream: true, stream_options: { include_usage } } as const;
  let text = "";
  let usage: unknown = null;
  for await (const chunk of await client.completions.create(ask)) {
    text += chunk.choices[0]?.text ?? "";
    usage = chunk.usage ?? usage;
  }
  expect(text).toBe(" there");
  expect(usage !== null).toBe(include_usage);
  expect(setup.seen[0]?.json.stream_options).toEqual({ include_usage: true });
  expect(setup.events[0]).toMatchObject({ costNano: "10000", outcome: "complete", source: "provider" });
});

test("a stream that ends early is charged for the text that arrived", async () => {
  const client = await open();
  const frame = `data: ${JSON.stringify({ choices: [choice("x".repeat(400), null)] })}\n\n`;
  setup.answer({ headers: { "content-type": "text/event-stream" }, body: Buffer.from(frame) });
  const stream = await client.completions.create({ model: "small", prompt: "Hello", stream: true });
  await expect(
    (async () => {
      for await (const _ of stream);
    })(),
  ).rejects.toThrow();
  expect(setup.events[0]).toMatchObject({ outcome: "failed", use: { output: 100 } });
});

test("every candidate of every prompt is held", async () => {
  const client = await open({ org: { limits: [limit({ unit: "tokens", amount: 1_000n })] } });
  const ask = { model: "small", prompt: ["a", "b"], best_of: 5, max_tokens: 100 };
  await expect(client.completions.create(ask)).rejects.toMatchObject({ status: 429 });
  await client.completions.create({ ...ask, best_of: 2 });
  expect(setup.seen).toHaveLength(1);
});

test("guardrails read prompt and suffix; a request without prompt is refused", async () => {
  const client = await open({ org: { guardrails: [guardrail({ patterns: ["secret"] })] } });
  for (const ask of [{ prompt: ["fine", "a secret"] }, { prompt: "fine", suffix: "a secret" }]) {
    const blocked = client.completions.create({ model: "small", ...ask });
    await expect(blocked).rejects.toMatchObject({ code: "guardrail_blocked" });
  }
  const empty = client.completions.create({ model: "small" } as never);
  await expect(empty).rejects.toMatchObject({ status: 400, param: "prompt" });
});
