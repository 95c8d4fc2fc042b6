import { type Provider, startProvider } from "@tollgate/testkit/provider";
import { answer, status } from "@tollgate/testkit/provider-behaviour";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openLessons } from "../../src/routing/lessons.ts";
import { ask, credential, limit, model, openSetup, type Setup, target } from "../setup.ts";

let provider: Provider;
let setup: Setup;
let nowMs: number;
const learnt: object[] = [];

beforeEach(async () => {
  nowMs = 0;
  learnt.length = 0;
  provider = await startProvider();
  const main = credential(`${provider.url}/v1`, { provider: "openai-compatible" });
  setup = await openSetup({
    org: { credentials: [main], models: [model([target(main.id, { upstreamModel: "qwen3" })])] },
    ports: { lessons: openLessons({ monotonic: () => nowMs, onLearnt: (_org, lesson) => learnt.push(lesson) }) },
  });
});
afterEach(async () => {
  await setup.close();
  await provider.close();
});

const refusing = (error: object, code = 400) => status(code, { body: JSON.stringify(error) });
const openAi = (message: string, param: string | null = null, code: string | null = null) =>
  refusing({ error: { message, type: "invalid_request_error", param, code } });
const sent = () => provider.requests.map(({ json }) => json);

test.each([
  ["OpenAI", openAi("Unsupported value: 'temperature' does not support 0.2.", "temperature", "unsupported_value")],
  [
    "FastAPI",
    refusing(
      { detail: [{ type: "extra_forbidden", loc: ["body", "temperature"], msg: "Extra inputs are not permitted" }] },
      422,
    ),
  ],
  ["a text only", refusing({ message: "temperature: Extra inputs are not permitted" })],
  [
    "Mistral",
    refusing(
      {
        object: "error",
        message: { detail: [{ loc: ["body", "temperature"], msg: "Extra inputs are not permitted" }] },
      },
      422,
    ),
  ],
])("a field that %s refuses is left out, remembered and named", async (_name, refusal) => {
  provider.script(refusal);
  const first = await setup.post(ask({ temperature: 0.2, stop: ["x"] }));
  expect(first.status).toBe(200);
  expect(first.headers.get("x-tollgate-ignored")).toBe("temperature");
  const second = await setup.post(ask({ temperature: 0.2 }));
  expect(second.headers.get("x-tollgate-ignored")).toBe("temperature");
  expect((await setup.post(ask())).headers.get("x-tollgate-ignored")).toBeNull();
  expect(sent().map((json) => "temperature" in json)).toEqual([true, false, false, false]);
  expect(sent()[1]).toMatchObject({ stop: ["x"], messages: ask().messages });
  expect(learnt).toMatchObject([{ upstreamModel: "qwen3", fields: { temperature: { isRefused: true } } }]);
  // After a while the provider may take it.
  nowMs += 3_600_001;
  await setup.post(ask({ temperature: 0.2 }));
  expect(sent().at(-1)).toMatchObject({ temperature: 0.2 });
});

test("the repeat belongs to the same call, and the refused attempt costs nothing", async () => {
  setup.change({ limits: [limit({ unit: "requests", amount: 1n })] });
  provider.script(openAi("Unknown parameter: 'user'.", "user", "unknown_parameter"));
  const response = await setup.post(ask({ user: "a" }));
  expect(response.status).toBe(200);
  expect(setup.events).toHaveLength(1);
  const [event] = setup.events;
  expect(event?.attempts.map(({ status, error, use }) => [status, error, use?.output ?? 0])).toEqual([
    [400, "upstream_rejected", 0],
    [200, null, expect.any(Number)],
  ]);
  expect([...(event?.flags ?? [])]).not.toContain("attempt_estimated");
  expect(event?.use).toEqual(event?.attempts[1]?.use);
  expect(setup.ports.health.resting()).toEqual([]);
});

test("a stream without its usage option", async () => {
  provider.script(openAi("Unrecognized request argument supplied: stream_options"));
  const response = await setup.post(ask({ stream: true }));
  expect(response.status).toBe(200);
  await response.text();
  expect(sent().map((json) => "stream_options" in json)).toEqual([true, false]);
  expect(response.headers.get("x-tollgate-ignored")).toBeNull();
});

test.each([
  ["max_tokens", "max_completion_tokens"],
  ["max_completion_tokens", "max_tokens"],
])("the output limit keeps its value when %s is refused", async (given, other) => {
  provider.script(
    openAi(`Unsupported parameter: '${given}' is not supported with this model. Use '${other}' instead.`, given),
  );
  expect((await setup.post(ask({ [given]: 77 }))).status).toBe(200);
  expect(sent()[1]).toMatchObject({ [other]: 77 });
  expect(sent()[1]).not.toHaveProperty(given);
});

test.each([
  [
    "changes the meaning",
    { tools: [{ type: "function", function: { name: "f" } }] },
    "tools is not supported",
    "tools",
  ],
  [
    "is inside another",
    { temperature: 1 },
    "messages.0.temperature: Extra inputs are not permitted",
    "messages.0.temperature",
  ],
  ["is not in the request", {}, "Unsupported parameter: temperature", "temperature"],
  ["is the model", {}, "model is not supported", "model"],
  ["is the messages", { temperature: 1 }, "messages: unknown field", "messages"],
  ["has a wrong value", { temperature: 1.5 }, "temperature must be at most 1", "temperature"],
])("a field that %s stays refused", async (_name, given, message, param) => {
  provider.script(openAi(message, param));
  const response = await setup.post(ask(given));
  expect(response.status).toBeGreaterThanOrEqual(400);
  expect(provider.requests).toHaveLength(1);
  expect(learnt).toEqual([]);
});

test("a provider that always refuses gets one repeat, and nothing is learnt", async () => {
  const lie = openAi("Unsupported parameters: temperature, top_p, seed, user, max_tokens");
  provider.scriptModel("qwen3", lie);
  const response = await setup.post(ask({ temperature: 1, top_p: 1, seed: 1, user: "u", max_tokens: 5 }));
  expect(response.status).toBe(400);
  expect(provider.requests).toHaveLength(2);
  expect(sent()[1]).toEqual({ max_completion_tokens: 5, model: "qwen3", messages: ask().messages });
  expect(learnt).toEqual([]);
});

test("a translated call", async () => {
  provider.script(openAi("Unsupported parameter: 'temperature'", "temperature"), answer());
  const body = { model: "small", max_tokens: 50, temperature: 0.3, messages: [{ role: "user", content: "Hi" }] };
  const response = await setup.postTo("/v1/messages", body);
  expect(response.status).toBe(200);
  expect(response.headers.get("x-tollgate-ignored")).toBe("temperature");
  expect(sent().map((json) => "temperature" in json)).toEqual([true, false]);
});

const TOOL = { tools: [{ type: "function", function: { name: "f" } }] };

test.each([
  ["n", 1, 3, {}],
  ["logprobs", false, true, {}],
  ["tool_choice", "auto", "required", TOOL],
  ["tool_choice", null, "required", TOOL],
])("%s is left out with its default value only", async (field, usual, other, given) => {
  provider.script(openAi(`Unsupported parameter: '${field}'`, field, "unsupported_parameter"));
  expect((await setup.post(ask({ [field]: usual, ...given }))).status).toBe(200);
  expect((await setup.post(ask({ [field]: usual, ...given }))).status).toBe(200);
  const changed = await setup.post(ask({ [field]: other, ...given }));
  expect(changed.headers.get("x-tollgate-ignored")).toBeNull();
  expect(sent().map((json) => (json as Record<string, unknown>)[field])).toEqual([usual, undefined, undefined, other]);
});

test("a value that a provider refuses does not cost other calls their values", async () => {
  const message =
    "Unsupported value: 'reasoning_effort' does not support 'minimal'. Supported values are: 'low' and 'high'.";
  provider.script(openAi(message, "reasoning_effort", "unsupported_value"));
  const first = await setup.post(ask({ reasoning_effort: "minimal" }));
  expect([first.status, first.headers.get("x-tollgate-ignored")]).toEqual([200, "reasoning_effort"]);
  await setup.post(ask({ reasoning_effort: "high" }));
  expect(sent().map((json) => (json as Record<string, unknown>).reasoning_effort)).toEqual([
    "minimal",
    undefined,
    "high",
  ]);
  expect(learnt).toEqual([]);
});
