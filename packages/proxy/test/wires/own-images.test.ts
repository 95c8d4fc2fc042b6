import { type Provider, startProvider } from "@tollgate/testkit/provider";
import { raw } from "@tollgate/testkit/provider-behaviour";
import { afterEach, beforeEach, expect, test } from "vitest";
import { credential, model, openSetup, type Setup, target } from "../setup.ts";

// Images that a model makes in a conversation arrive in each format, and come back to the model in the next turn.

let provider: Provider;
let setup: Setup;
beforeEach(async () => {
  provider = await startProvider();
  const main = credential(`${provider.url}/v1beta`, { provider: "google" });
  const painter = model([target(main.id, { upstreamModel: "gemini-2.5-flash-image" })]);
  setup = await openSetup({ org: { credentials: [main], models: [painter] } });
});
afterEach(async () => {
  await setup.close();
  await provider.close();
});

const PICTURE = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJ";
const inlineData = { mimeType: "image/png", data: PICTURE };
const painted = {
  candidates: [{ content: { role: "model", parts: [{ text: "Here:" }, { inlineData }] }, finishReason: "STOP" }],
  usageMetadata: { promptTokenCount: 3, candidatesTokenCount: 1292, totalTokenCount: 1295 },
};
const whole = raw([JSON.stringify(painted)], { "content-type": "application/json" });
const streamed = raw([`data: ${JSON.stringify(painted)}\r\n\r\n`]);
const sent = () => JSON.parse(provider.requests.at(-1)?.body.toString() ?? "null");

const ask = { role: "user", content: "Paint." };
const again = { role: "user", content: "Bigger." };

test("Messages: whole, streamed, and in the next turn", async () => {
  const body = { model: "small", max_tokens: 5_000 };
  provider.script(whole, streamed, whole);
  const made = await (await setup.postTo("/v1/messages", { ...body, messages: [ask] })).json();
  const image = { type: "image", source: { type: "base64", media_type: "image/png", data: PICTURE } };
  expect(made.content).toMatchObject([{ type: "text", text: "Here:" }, image]);
  const events = await (await setup.postTo("/v1/messages", { ...body, messages: [ask], stream: true })).text();
  expect(events).toContain(JSON.stringify(image));
  const messages = [ask, { role: "assistant", content: made.content }, again];
  expect((await setup.postTo("/v1/messages", { ...body, messages })).status).toBe(200);
  expect(sent().contents[1].parts).toMatchObject([{ text: "Here:" }, { inlineData }]);
  const other = credential(`${provider.url}/v1`, { provider: "anthropic" });
  setup.change({ credentials: [other], models: [model([target(other.id, { upstreamModel: "claude-sonnet-4-6" })])] });
  expect((await setup.postTo("/v1/messages", { ...body, messages })).status).toBe(200);
  expect(sent().messages[1].content).toMatchObject([{ text: "Here:" }, { type: "text" }]);
});

test("Responses: in the next turn by its id, and sent again", async () => {
  provider.script(whole, whole, whole);
  const respond = async (fields: object) => (await setup.postTo("/v1/responses", { model: "small", ...fields })).json();
  const made = await respond({ input: "Paint." });
  expect(made.output).toMatchObject([{ type: "message" }, { type: "image_generation_call", result: PICTURE }]);
  await respond({ input: "Bigger.", previous_response_id: made.id });
  expect(sent().contents[1].parts).toMatchObject([{ text: "Here:" }, { inlineData }]);
  await respond({ input: [ask, ...made.output, again], store: false });
  expect(sent().contents[1].parts).toMatchObject([{ text: "Here:" }, { inlineData }]);
});

test("chat: in the next turn", async () => {
  provider.script(whole, whole);
  const made = await (await setup.post({ model: "small", messages: [ask] })).json();
  await setup.post({ model: "small", messages: [ask, made.choices[0].message, again] });
  expect(sent().contents[1].parts).toMatchObject([{ text: "Here:" }, { inlineData }]);
});

test("a provider that takes no images of its own goes on without it, and that is said", async () => {
  const other = credential(`${provider.url}/v1`, { provider: "groq" });
  setup.change({ credentials: [other], models: [model([target(other.id, { upstreamModel: "llama-3.3-70b" })])] });
  const item = { type: "image_generation_call", id: "ig_1", status: "completed", result: PICTURE };
  const reply = await setup.postTo("/v1/responses", { model: "small", input: [ask, item, again], store: false });
  expect([reply.status, reply.headers.get("x-tollgate-ignored")]).toEqual([200, "input[1].type"]);
});

test.each([
  ["/v1/chat/completions", { messages: [ask], modalities: ["text", "audio"] }, "modalities"],
  ["/v1/chat/completions", { messages: [ask], audio: { voice: "alloy", format: "wav" } }, "audio"],
])("%s refuses audio output by name where it is translated: %j", async (path, fields, param) => {
  const refused = await setup.postTo(path, { model: "small", ...fields });
  expect([refused.status, (await refused.json()).error.param]).toEqual([400, param]);
});
