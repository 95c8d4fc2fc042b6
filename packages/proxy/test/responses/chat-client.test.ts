import { answer, raw, status } from "@tollgate/testkit/provider-behaviour";
import { afterEach, beforeEach, expect, test } from "vitest";
import { events, openResponsesSetup, type ResponsesSetup, response } from "./responses-setup.ts";

// Models that OpenAI serves through the Responses API only, for clients of the chat format.

let setup: ResponsesSetup;
beforeEach(async () => {
  setup = await openResponsesSetup({ upstreamModel: "gpt-5.1-codex" });
});
afterEach(() => setup.close());

const messages = [
  { role: "system" as const, content: "Be short." },
  { role: "user" as const, content: "Weather?" },
];
const tools = [
  { type: "function" as const, function: { name: "weather", parameters: { type: "object", properties: {} } } },
];

test("a chat completion is made by a response that is not stored", async () => {
  setup.provider.script(answer({ text: "Sunny.", usage: { input: 30, output: 20, reasoning: 5 } }));
  const made = await setup.openai.chat.completions.create({ model: "small", messages, max_tokens: 100 });
  expect(made).toMatchObject({ choices: [{ message: { content: "Sunny." }, finish_reason: "stop" }] });
  expect(setup.provider.requests[0]?.path).toBe("/v1/responses");
  expect(setup.sent()).toMatchObject({ model: "gpt-5.1-codex", store: false, max_output_tokens: 100 });
  expect(setup.events.at(-1)).toMatchObject({ use: { input: 30, output: 20, reasoning: 5 }, source: "provider" });
});

test("a stream with tools", async () => {
  setup.provider.script(answer({ toolCalls: [{ name: "weather", arguments: { city: "Bern" } }] }));
  const done = await setup.openai.chat.completions.stream({ model: "small", messages, tools }).finalChatCompletion();
  expect(done.choices[0]).toMatchObject({
    finish_reason: "tool_calls",
    message: { tool_calls: [{ function: { name: "weather", arguments: '{"city":"Bern"}' } }] },
  });
});

test("a field that this API does not have is refused, and the provider's refusal names the client's field", async () => {
  const create = (given: object) => setup.openai.chat.completions.create({ model: "small", messages, ...given });
  await expect(create({ stop: ["a"] })).rejects.toMatchObject({ status: 400, param: "stop" });
  setup.provider.script(status(400, { message: "Unsupported value." }));
  await expect(create({})).rejects.toMatchObject({ status: 400 });
});

test("an error in the stream keeps what it means: a quota is the account's, so another target may answer", async () => {
  const error = {
    type: "insufficient_quota",
    code: "insufficient_quota",
    message: "You exceeded your quota.",
    param: null,
  };
  setup.provider.script(raw([events({ type: "error", error })]));
  const reading = setup.openai.chat.completions.stream({ model: "small", messages }).finalChatCompletion();
  await expect(reading).rejects.toMatchObject({ status: 502, code: "upstream_auth_error" });
});

test("encrypted reasoning survives turns of a client of Anthropic's format", async () => {
  const reasoning = { type: "reasoning", id: "rs_1", summary: [], encrypted_content: "gAAAAsecret" };
  const call = {
    type: "function_call",
    id: "fc_1",
    call_id: "call_1",
    name: "weather",
    arguments: "{}",
    status: "completed",
  };
  setup.provider.script(
    raw([JSON.stringify(response({ output: [reasoning, call] }))], { "content-type": "application/json" }),
  );
  const headers = { "x-api-key": setup.key, "content-type": "application/json", "anthropic-version": "2023-06-01" };
  const ask = async (list: object[]) => {
    const body = JSON.stringify({
      ...{ model: "small", max_tokens: 2_000, thinking: { type: "enabled", budget_tokens: 1_024 }, messages: list },
      tools: [{ name: "weather", input_schema: { type: "object" } }],
    });
    const made = await fetch(`${setup.url}/v1/messages`, { method: "POST", headers, body });
    return (await made.json()) as { content: object[] };
  };
  const { content } = await ask([{ role: "user", content: "Weather?" }]);
  expect(content).toMatchObject([{ type: expect.stringMatching(/thinking$/) }, { type: "tool_use", name: "weather" }]);
  const result = { type: "tool_result", tool_use_id: "call_1", content: "sunny" };
  await ask([
    { role: "user", content: "Weather?" },
    { role: "assistant", content },
    { role: "user", content: [result] },
  ]);
  expect(setup.sent()).toMatchObject({
    store: false,
    input: [
      { role: "user" },
      { type: "reasoning", encrypted_content: "gAAAAsecret" },
      { type: "function_call", call_id: "call_1" },
      { type: "function_call_output", call_id: "call_1", output: "sunny" },
    ],
  });
});
