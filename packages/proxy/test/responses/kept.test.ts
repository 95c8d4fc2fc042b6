import { createOpenAI } from "@ai-sdk/openai";
import type { GuardrailPolicy } from "@tollgate/contracts/grant";
import { answer, raw } from "@tollgate/testkit/provider-behaviour";
import { generateText, jsonSchema, stepCountIs, streamText, tool } from "ai";
import { afterEach, describe, expect, test } from "vitest";
import { credential, id, limit, model, target } from "../setup.ts";
import { createResponse, weather } from "./create-response.ts";
import { openResponsesSetup, type ResponsesSetup } from "./responses-setup.ts";

// Responses of providers that store none are kept by the gateway, so that later calls can refer to them.

let setup: ResponsesSetup;
afterEach(() => setup.close());

const open = async (options = {}) => {
  setup = await openResponsesSetup({ provider: "anthropic", upstreamModel: "claude-sonnet-4-6", options });
};
const create = (fields: object) => createResponse(setup, false, { store: true, ...fields }).then(({ made }) => made);
const messages = () => setup.sent().messages as { role: string; content: { text?: string }[] }[];
const texts = () => messages().map(({ role, content }) => [role, content.map(({ text }) => text).join("|")]);
const rule = (action: GuardrailPolicy["action"]): GuardrailPolicy => ({
  ...{ id: id(), name: "R", stage: "input", kind: "keyword", patterns: ["swordfish"] },
  ...{ action, mode: "on", onFailure: "closed" },
});
const weatherCall = answer({ text: "Look:", toolCalls: [{ name: "weather", arguments: { city: "Bern" } }] });

describe("the official clients with their default settings", () => {
  test.each([false, true])("ai runs tools over three steps (stream: %s)", async (isStream) => {
    await open();
    const inputSchema = jsonSchema<{ city?: string }>({ type: "object", properties: { city: { type: "string" } } });
    const tools = { weather: tool({ inputSchema, execute: () => "sunny" }) };
    const openai = createOpenAI({ baseURL: `${setup.url}/v1`, apiKey: setup.key })("small");
    const given = { model: openai, tools, prompt: "Weather?", stopWhen: stepCountIs(4) };
    setup.provider.script(weatherCall, weatherCall, answer({ text: "Sunny." }));
    const { text } = isStream ? streamText(given) : await generateText(given);
    expect(await text).toBe("Sunny.");
    expect(JSON.stringify(setup.sent())).not.toContain("item_reference");
    expect(messages().map(({ role }) => role)).toEqual(["user", "assistant", "user", "assistant", "user"]);
    expect(messages()[3]).toMatchObject({
      content: [{ text: "Look:" }, { type: "tool_use", input: { city: "Bern" } }],
    });
  });

  test.each([false, true])("openai continues a response by its id (stream: %s)", async (isStream) => {
    await open();
    setup.provider.script(weatherCall, answer({ text: "Sunny." }), answer({ text: "Yes." }));
    const tools = [weather];
    const first = await createResponse(setup, isStream, { input: "Weather?", tools, store: true });
    const call = first.made.output.find((item) => item.type === "function_call");
    const input = [{ type: "function_call_output" as const, call_id: call?.call_id ?? "", output: "sunny" }];
    const previous_response_id = first.made.id;
    const second = await createResponse(setup, isStream, { input, tools, previous_response_id, store: null });
    expect(second.made).toMatchObject({ previous_response_id, store: true, status: "completed" });
    await createResponse(setup, isStream, { input: "Sure?", tools, previous_response_id: second.made.id });
    expect(texts()).toEqual([
      ["user", "Weather?"],
      ["assistant", "Look:|"],
      ["user", ""],
      ["assistant", "Sunny."],
      ["user", "Sure?"],
    ]);
    expect(setup.events.map(({ outcome }) => outcome)).toEqual(["complete", "complete", "complete"]);
  });
});

test("a kept response is read, its items are listed, and it is deleted", async () => {
  await open();
  const made = await create({
    input: [
      { role: "user", content: "One" },
      { role: "user", content: "Two" },
    ],
  });
  expect(await setup.openai.responses.retrieve(made.id)).toMatchObject({ id: made.id, output: made.output });
  const items = await setup.openai.responses.inputItems.list(made.id, { limit: 1 });
  expect(items.data).toMatchObject([{ type: "message", content: [{ type: "input_text", text: "Two" }] }]);
  const all = await Array.fromAsync(await setup.openai.responses.inputItems.list(made.id, { order: "asc", limit: 1 }));
  expect(all).toMatchObject([{ content: [{ text: "One" }] }, { content: [{ text: "Two" }] }]);
  await expect(setup.openai.responses.cancel(made.id)).rejects.toMatchObject({ status: 400 });
  await setup.openai.responses.delete(made.id);
  await expect(setup.openai.responses.delete(made.id)).rejects.toMatchObject({ status: 404 });
  await expect(setup.openai.responses.retrieve(made.id)).rejects.toMatchObject({ status: 404 });
  await expect(create({ previous_response_id: made.id })).rejects.toMatchObject({
    ...{ status: 400, code: "previous_response_not_found", param: "previous_response_id" },
  });
  expect(setup.provider.requests).toHaveLength(1);
});

test("neither another key nor another organisation can read or continue a kept response", async () => {
  await open();
  const made = await create({});
  const item = made.output[0]?.id ?? "";
  const { org, keyPolicy } = setup;
  const others = [
    [{}, { id: id() }],
    [{ id: id() }, { id: keyPolicy.id }],
  ] as const;
  for (const [otherOrg, otherKey] of others) {
    setup.change(otherOrg, otherKey);
    await expect(setup.openai.responses.retrieve(made.id)).rejects.toMatchObject({ status: 404 });
    await expect(setup.openai.responses.inputItems.list(made.id)).rejects.toMatchObject({ status: 404 });
    await expect(setup.openai.responses.delete(made.id)).rejects.toMatchObject({ status: 404 });
    await expect(create({ previous_response_id: made.id })).rejects.toMatchObject({ status: 400 });
    await expect(create({ input: [{ type: "item_reference", id: item }] })).rejects.toMatchObject({
      ...{ status: 404, param: "input[0]" },
    });
  }
  setup.change({ id: org.id }, { id: keyPolicy.id });
  expect((await setup.openai.responses.retrieve(made.id)).id).toBe(made.id);
});

test.each([
  ["the request says store: false", {}, { store: false }],
  ["the organisation switched it off", { keepsResponses: false }, { store: undefined }],
])("nothing is kept if %s", async (_why, org, fields) => {
  await open({ org });
  const reply = await setup.respond({ input: "Hi", ...fields });
  const made = await reply.json();
  expect(made).toMatchObject({ store: false });
  await expect(setup.openai.responses.retrieve(made.id)).rejects.toMatchObject({ status: 404 });
});

test("an organisation that switches it off has no kept responses any more, and store: true is refused", async () => {
  await open();
  const made = await create({});
  setup.change({ keepsResponses: false });
  await expect(setup.openai.responses.retrieve(made.id)).rejects.toMatchObject({ status: 404 });
  await expect(create({ previous_response_id: made.id })).rejects.toMatchObject({ status: 400 });
  await expect(create({})).rejects.toMatchObject({ status: 400, param: "store" });
});

test("a failed answer is not kept", async () => {
  await open();
  const event = (type: string, fields: object) => `event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`;
  const message = { id: "m", type: "message", role: "assistant", model: "m", content: [], stop_reason: null };
  const usage = { input_tokens: 3, output_tokens: 1 };
  const block = { index: 0, content_block: { type: "text", text: "" } };
  const delta = { index: 0, delta: { type: "text_delta", text: "Hel" } };
  const begun = [event("message_start", { message: { ...message, usage } }), event("content_block_start", block)];
  setup.provider.script(raw([...begun, event("content_block_delta", delta)]));
  expect(await (await setup.respond({ input: "Hi", stream: true })).text()).toContain("response.failed");
  const request = setup.events[0]?.id.replaceAll("-", "");
  expect((await setup.get(`/v1/responses/resp_${request}`)).status).toBe(404);
});

test("restored items count on limits, and are checked by the guardrails of the later call", async () => {
  await open();
  const made = await create({ input: "swordfish ".repeat(400) });
  setup.change({ guardrails: [rule("block")] });
  await expect(create({ previous_response_id: made.id })).rejects.toMatchObject({ code: "guardrail_blocked" });
  setup.change({ guardrails: [], limits: [limit({ unit: "tokens", amount: 1_000n })] });
  await expect(create({ previous_response_id: made.id, max_output_tokens: 16 })).rejects.toMatchObject({ status: 429 });
  expect((await setup.respond({ input: "Hi", max_output_tokens: 16 })).status).toBe(200);
});

test("what a guardrail redacted is not kept", async () => {
  await open();
  setup.change({ guardrails: [rule("redact")] });
  const made = await create({ input: "swordfish" });
  const { data } = await setup.openai.responses.inputItems.list(made.id);
  expect(JSON.stringify(data)).toContain("[redacted:R]");
});

test("a kept response is continued at a provider that stores responses itself", async () => {
  await open();
  const made = await create({ input: "Hi" });
  const other = credential(`${setup.provider.url}/v1`, { provider: "openai" });
  setup.change({ credentials: [other], models: [model([target(other.id)])] });
  await setup.respond({ previous_response_id: made.id, input: "Next" });
  expect(setup.sent()).toMatchObject({
    input: [{ content: "Hi" }, { type: "message", role: "assistant" }, { content: "Next" }],
  });
  expect(JSON.stringify(setup.sent())).not.toMatch(/previous_response_id|"msg_/);
});

test("items that together are too large are refused", async () => {
  await open({ settings: { bodyBytesMax: 100_000 } });
  setup.provider.script(answer({ text: "A" }), answer({ text: "B" }));
  const first = await create({ input: "a".repeat(60_000) });
  const second = await create({ previous_response_id: first.id, input: "b" });
  await expect(create({ previous_response_id: second.id, input: "b".repeat(60_000) })).rejects.toMatchObject({
    status: 413,
  });
});

test("a response with a request that is too large to be kept says so", async () => {
  await open();
  const input = "a".repeat(130_000);
  const made = await create({ input, store: undefined });
  expect(made).toMatchObject({ store: false });
  await expect(setup.openai.responses.retrieve(made.id)).rejects.toMatchObject({ status: 404 });
  await expect(create({ input })).rejects.toMatchObject({ status: 400, param: "store" });
});

test("of a response that is too large, its input is not kept either", async () => {
  await open();
  setup.provider.script(answer({ text: "a".repeat(130_000) }));
  const made = await create({});
  await expect(setup.openai.responses.retrieve(made.id)).rejects.toMatchObject({ status: 404 });
  await expect(setup.openai.responses.inputItems.list(made.id)).rejects.toMatchObject({ status: 404 });
  await expect(create({ previous_response_id: made.id })).rejects.toMatchObject({ status: 400 });
});

test("an item counts as often as the input refers to it", async () => {
  await open({ settings: { bodyBytesMax: 500_000 } });
  setup.provider.script(answer({ text: "a".repeat(100_000) }));
  const made = await create({ input: "Hi" });
  const refer = (count: number) =>
    setup.respond({ input: Array.from({ length: count }, () => ({ type: "item_reference", id: made.output[0]?.id })) });
  expect((await refer(4)).status).toBe(200);
  const large = await refer(1_000);
  expect(large.status).toBe(413);
  expect(await large.json()).toMatchObject({ error: { message: expect.stringContaining("500000 bytes") } });
  const many = await refer(1_001);
  expect(many.status).toBe(400);
  expect(await many.json()).toMatchObject({ error: { code: "invalid_value", param: "input" } });
});

test("items of many earlier responses are refused before they are looked up", async () => {
  await open();
  const item = (at: number) => ({ type: "item_reference", id: `msg_${at.toString(16).padStart(32, "0")}_0` });
  const refer = (count: number) => setup.respond({ input: Array.from({ length: count }, (_, at) => item(at)) });
  expect((await refer(1_000)).status).toBe(404);
  const refused = await refer(1_001);
  expect(await refused.json()).toMatchObject({ error: { code: "invalid_value", param: "input" } });
  expect(refused.status).toBe(400);
});

test("a conversation of more responses than are looked up together is continued", async () => {
  await open();
  let previous: string | undefined;
  for (let at = 0; at < 110; at++) {
    setup.provider.script(answer({ text: "A" }));
    const made = await create({ input: `q${at}`, ...(previous && { previous_response_id: previous }) });
    previous = made.id;
  }
  expect(messages()).toHaveLength(219);
  expect(messages()[0]).toMatchObject({ content: [{ text: "q0" }] });
});
