import { gzipSync } from "node:zlib";
import { raw } from "@tollgate/testkit/provider-behaviour";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openBreaker } from "../../src/routing/breaker.ts";
import { ask } from "../setup.ts";
import { type OpenAiSetup, openOpenAiSetup } from "./openai-setup.ts";

let setup: OpenAiSetup;

beforeAll(async () => {
  const health = openBreaker({ failuresMin: 100, restMs: 1 });
  setup = await openOpenAiSetup({ ports: { health } });
});
afterAll(() => setup.close());

const usage = { prompt_tokens: 3, completion_tokens: 4 };
const logprob = { token: "a", logprob: -0.5, bytes: [97], top_logprobs: [] };
const choice = (content: string) => ({
  index: 0,
  message: { role: "assistant", content },
  finish_reason: "stop",
  logprobs: { content: Array(20_000).fill(logprob) },
});
const large = (more: object, content = "a\n漢".repeat(100_000)): string =>
  JSON.stringify({ id: "x", choices: [choice(content)], ...more });

test.each([
  ["as it is", (text: string) => Buffer.from(text), {}],
  ["packed", gzipSync, { "content-encoding": "gzip" }],
] as const)("a large answer in one piece passes and is counted: %s", async (_name, pack, headers) => {
  setup.provider.script(raw([pack(large({ usage }))], { "content-type": "application/json", ...headers }));
  expect(await (await setup.post(ask())).text()).toBe(large({ usage }));
  expect(setup.events.at(-1)).toMatchObject({ source: "provider", use: { input: 3, output: 4 } });
});

test("an answer without usage is counted by the text of its choices, not by all its bytes", async () => {
  setup.provider.script(raw([Buffer.from(large({}, "word ".repeat(4_000)))], { "content-type": "application/json" }));
  expect((await setup.post(ask())).status).toBe(200);
  expect(setup.events.at(-1)).toMatchObject({ source: "estimated", use: { output: 5_000 } });
});

test.each([
  ["no JSON", large({ usage }).slice(0, -1), "bad_upstream_response"],
  ["no chat completion", JSON.stringify({ data: "a".repeat(100_000) }), "bad_upstream_response"],
  ["an array", JSON.stringify(Array(50_000).fill(1)), "bad_upstream_response"],
  ["an error", large({ error: { message: "no" } }), "upstream_error"],
])("a large body that is not a valid answer is refused: %s", async (_name, text, code) => {
  const bad = raw([Buffer.from(text)], { "content-type": "application/json" });
  setup.provider.script(bad, bad);
  const response = await setup.post(ask());
  expect(response.status).toBe(502);
  expect(await response.json()).toMatchObject({ error: { code } });
});
