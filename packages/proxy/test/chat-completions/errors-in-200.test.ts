import { type Provider, startProvider } from "@tollgate/testkit/provider";
import { answer, raw } from "@tollgate/testkit/provider-behaviour";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ask, credential, model, openSetup, type Setup, target } from "../setup.ts";

// Providers send errors with status 200, also after the first events of a stream. As long as the model has said nothing,
// another target answers.

let first: Provider;
let second: Provider;
let setup: Setup;

beforeEach(async () => {
  [first, second] = await Promise.all([startProvider(), startProvider()]);
  const credentials = [first, second].map(({ url }) => credential(`${url}/v1`));
  const targets = credentials.map(({ id }, index) => target(id, { priority: index + 1 }));
  setup = await openSetup({ org: { credentials, models: [model(targets)] } });
});
afterEach(async () => {
  await setup.close();
  await Promise.all([first.close(), second.close()]);
});

const json = { "content-type": "application/json" };
const data = (value: object | string) => `data: ${typeof value === "string" ? value : JSON.stringify(value)}\n\n`;
const error = { error: { message: "Overloaded, sorry.", code: 503 } };
const role = { choices: [{ index: 0, delta: { role: "assistant", content: "" }, finish_reason: null }] };

test.each([
  ["after a comment", [": PROCESSING\n\n", data(error)]],
  ["after a role chunk", [data(role), data(error)]],
  ["as text", [data({ error: "Overloaded, sorry." })]],
  ["with [DONE] only", [data("[DONE]")]],
  ["with empty choices", [data({ choices: [] }), data("[DONE]")]],
  ["with null choices", [data({ choices: null }), data("[DONE]")]],
  ["inside a choice", [data({ choices: [{ index: 0, delta: {}, error: error.error }] })]],
  ["as a finish reason", [data({ choices: [{ index: 0, delta: {}, finish_reason: "error" }] }), data("[DONE]")]],
  ["with an empty finish reason", [data({ choices: [{ index: 0, delta: {}, finish_reason: "" }] }), data("[DONE]")]],
])("a stream that fails %s is answered by the next target", async (_how, chunks) => {
  first.scriptModel("gpt-4o-mini", raw(chunks));
  second.script(answer({ text: "Hello" }));
  const response = await setup.post(ask({ stream: true }));
  const text = await response.text();
  expect(text).toContain('"content":"Hello"');
  expect(text).not.toMatch(/PROCESSING|Overloaded/);
  expect(setup.events.at(-1)).toMatchObject({ outcome: "complete", status: 200 });
  expect(setup.events.at(-1)?.attempts.at(0)?.error).not.toBeNull();
});

test.each([
  ["as JSON where a stream was asked for", error, true],
  ["as text", { error: "Overloaded, sorry." }, false],
  ["with empty choices", { choices: [] }, false],
  ["with null choices", { choices: null }, false],
  ["inside a choice", { choices: [{ index: 0, error: error.error, message: { content: "" } }] }, false],
  ["as a finish reason", { choices: [{ index: 0, message: { content: "" }, finish_reason: "error" }] }, false],
])("a body that is an error %s is answered by the next target", async (_how, body, stream) => {
  first.scriptModel("gpt-4o-mini", raw([JSON.stringify(body)], json));
  second.script(answer({ text: "Hello" }));
  const response = await setup.post(ask({ stream }));
  expect(await response.text()).toMatch(/"content":\s*"Hello"/);
  expect(setup.events.at(-1)).toMatchObject({ outcome: "complete", status: 200 });
});

test("an error of the request in a stream is final, and keeps what the provider says of it", async () => {
  const said = { message: "Tool call is invalid.", type: "invalid_request_error", code: "tool_use_failed" };
  const refusal = { error: { ...said, failed_generation: "<function=", status_code: 400 } };
  first.scriptModel("gpt-4o-mini", raw([data(role), data(refusal)]));
  const response = await setup.post(ask({ stream: true }));
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({
    error: { message: said.message, provider_code: said.code, failed_generation: "<function=" },
  });
  expect(second.requests).toHaveLength(0);
});

test("a model that one provider does not have is answered by the next, and is not tried twice", async () => {
  const missing = JSON.stringify({
    error: { message: "The model `gpt-4o-mini` does not exist.", code: "model_not_found" },
  });
  first.scriptModel("gpt-4o-mini", raw([missing], json, 404));
  second.script(answer({ text: "Hello" }));
  expect((await setup.post(ask())).status).toBe(200);
  expect([first.requests.length, second.requests.length]).toEqual([1, 1]);
});

test("after the first text an error ends the stream, and no other target is tried", async () => {
  const text = { choices: [{ index: 0, delta: { content: "Hel" }, finish_reason: null }] };
  first.scriptModel("gpt-4o-mini", raw([data(role), data(text), data(error)]));
  const sent = await (await setup.post(ask({ stream: true }))).text();
  expect(sent).toContain("Hel");
  expect(sent).not.toContain("[DONE]");
  expect(second.requests).toHaveLength(0);
});

test("an image of two megabytes in one event passes", async () => {
  const url = `data:image/png;base64,${"A".repeat(2_000_000)}`;
  const image = { choices: [{ index: 0, delta: { images: [{ image_url: { url } }] }, finish_reason: null }] };
  const end = { choices: [{ index: 0, delta: {}, finish_reason: "stop" }] };
  first.scriptModel("gpt-4o-mini", raw([data(image), data(end), data("[DONE]")]));
  expect(await (await setup.post(ask({ stream: true }))).text()).toContain(url);
  expect(setup.events.at(-1)).toMatchObject({ outcome: "complete" });
});

test("a base URL that ends with the path of an endpoint is called with that path once", async () => {
  const main = credential(`${first.url}/v1/chat/completions`);
  setup.change({ credentials: [main], models: [model([target(main.id)])] });
  expect((await setup.post(ask())).status).toBe(200);
  expect(first.requests.at(-1)?.path).toBe("/v1/chat/completions");
});
