import type { GuardrailPolicy } from "@tollgate/contracts/grant";
import { answer } from "@tollgate/testkit/provider-behaviour";
import { afterEach, beforeEach, expect, test } from "vitest";
import { id, limit, model, target } from "../setup.ts";
import { openResponsesSetup, type ResponsesSetup } from "./responses-setup.ts";

let setup: ResponsesSetup;
beforeEach(async () => {
  setup = await openResponsesSetup({ model: { cacheTtlSeconds: 60 } });
});
afterEach(() => setup.close());

const rule: GuardrailPolicy = {
  ...{ id: id(), name: "No secrets", stage: "input", kind: "keyword", patterns: ["swordfish"] },
  ...{ action: "redact", mode: "on", onFailure: "closed" },
};

const user = (content: unknown) => ({ role: "user", content });

test.each([
  ["instructions", { input: "Hi", instructions: "swordfish" }],
  ["input as a string", { input: "swordfish" }],
  ["a message", { input: [user("swordfish")] }],
  ["a part", { input: [user([{ type: "input_text", text: "swordfish" }])] }],
  [
    "arguments of a call",
    { input: [{ type: "function_call", call_id: "1", name: "a", arguments: '{"b":"swordfish"}' }] },
  ],
  ["the result of a call", { input: [{ type: "function_call_output", call_id: "1", output: "swordfish" }] }],
  [
    "parts of a result",
    { input: [{ type: "function_call_output", call_id: "1", output: [{ type: "input_text", text: "swordfish" }] }] },
  ],
  ["a custom tool's input", { input: [{ type: "custom_tool_call", call_id: "1", name: "a", input: "swordfish" }] }],
  [
    "a summary of reasoning",
    { input: [{ type: "reasoning", id: "rs_1", summary: [{ type: "summary_text", text: "swordfish" }] }] },
  ],
  ["a tool", { input: "Hi", tools: [{ type: "function", name: "a", description: "swordfish" }] }],
  [
    "a schema",
    { input: "Hi", text: { format: { type: "json_schema", name: "a", schema: { properties: { swordfish: {} } } } } },
  ],
])("redaction reaches %s", async (_where, body) => {
  setup.change({ guardrails: [rule] });
  expect((await setup.respond(body)).status).toBe(200);
  expect(JSON.stringify(setup.sent())).toContain("[redacted:No secrets]");
  expect(JSON.stringify(setup.sent())).not.toContain("swordfish");
});

test("encrypted reasoning is not changed by redaction", async () => {
  setup.change({ guardrails: [rule] });
  const item = { type: "reasoning", id: "rs_1", summary: [], encrypted_content: "gAAAswordfishAAA==" };
  await setup.respond({ input: [item, user("swordfish")] });
  expect(setup.sent()).toMatchObject({ input: [item, user("[redacted:No secrets]")] });
});

test("a limit in tokens shortens the answer with the field of this API, and refuses when it is used up", async () => {
  setup.change({ limits: [limit({ unit: "tokens", window: "day", amount: 3_000n })] });
  setup.provider.script(answer({ text: "Hello", usage: { input: 2_000, output: 900 } }));
  const first = await setup.respond({ input: "Hi" });
  expect(first.status).toBe(200);
  expect(setup.sent().max_output_tokens).toBe(Number(first.headers.get("x-tollgate-max-tokens-clamped")));
  const second = await setup.respond({ input: "x".repeat(500) });
  expect(second.status).toBe(429);
  expect(await second.json()).toMatchObject({ error: { code: "rate_limit_exceeded" } });
});

test("end users count under their identifier", async () => {
  await setup.respond({ input: "Hi", user: "u-1" });
  await setup.respond({ input: "Hi", user: "u-1", safety_identifier: "s-1" });
  expect(setup.events.map(({ endUser }) => endUser)).toEqual(["u-1", "s-1"]);
});

test("the cache repeats a response that the provider does not store, also as a stream", async () => {
  for (const stream of [false, true]) {
    const ask = () => setup.respond({ input: "Hi", store: false, stream });
    const [first, second] = [await ask(), await ask()];
    expect([first, second].map(({ headers }) => headers.get("x-tollgate-cache"))).toEqual(["miss", "hit"]);
    expect(await second.text()).toBe((await first.text()).replace(/"cost_usd":[0-9.]+/, '"cost_usd":0'));
  }
  const stored = [await setup.respond({ input: "Hi" }), await setup.respond({ input: "Hi" })];
  expect(stored.map(({ headers }) => headers.get("x-tollgate-cache"))).toEqual(["off", "off"]);
});

test("a stream shows its cost in its usage, and in no other field of that name", async () => {
  setup.provider.script(answer({ text: "About usage", model: "gpt-4o-mini" }));
  const made = await setup.respond({ input: "Hi", stream: true, metadata: { usage: "a" } });
  const last = (await made.text()).split("\n").findLast((line) => line.startsWith("data:")) ?? "";
  const { response } = JSON.parse(last.slice(5)) as { response: { usage: object; metadata: object } };
  expect(response.usage).toHaveProperty("cost_usd");
});

const BUDGET = { limits: [limit({ unit: "usd", window: "month", amount: 10n ** 12n })] };

/** Status of a call under a budget to a model with its own price, and what it held. */
async function underBudget(body: object, units: Record<string, string> = {}) {
  const [main] = setup.org.credentials;
  const price = { provider: "openai", upstreamModel: "own", inputPerMillion: "1", outputPerMillion: "1", units };
  setup.change({
    ...BUDGET,
    models: [model([target(main?.id ?? "", { upstreamModel: "own" })])],
    prices: [{ ...price, version: "own:1", fromMs: 0 }],
  });
  const file = { kind: "file", orgId: setup.org.id, keyId: setup.keyPolicy.id, credentialId: main?.id ?? "" } as const;
  const own = setup.ports.vault.ids.seal({ ...file, providerId: "file_1" });
  const named = JSON.parse(JSON.stringify(body).replaceAll("file_1", own)) as object;
  const made = await setup.respond({ input: "Hi", max_output_tokens: 1_000, ...named });
  return { status: made.status, body: await made.json(), held: Number(setup.events.at(-1)?.heldNano) };
}

const part = (given: object) => ({ input: [user([given])] });
const hosted = { tools: [{ type: "web_search" }] };

test.each([
  ["searches", hosted, { searches: "500" }],
  [
    "searches of a tool in a namespace",
    { tools: [{ type: "namespace", name: "a", tools: [{ type: "web_search" }] }] },
    { searches: "500" },
  ],
  ["images", part({ type: "input_image", image_url: "https://pictures.example/a.png" }), { imageInput: "500" }],
  ["audio", part({ type: "input_audio", input_audio: { data: "AAAA", format: "wav" } }), { audioInput: "500" }],
])("a hold has %s at their own price", async (_what, body, units) => {
  const { status, held } = await underBudget(body, units);
  expect(status).toBe(200);
  expect(held).toBeGreaterThan(5 * (await underBudget(body)).held);
});

test.each([
  ["a hosted tool", hosted],
  ["a file", part({ type: "input_file", file_id: "file_1" })],
  ["a stored item", { input: [{ type: "item_reference", id: "msg_1" }] }],
])("%s may fill the context window, and so does the hold", async (_what, body) => {
  expect((await underBudget(body, { searches: "1" })).held).toBeGreaterThan(100 * (await underBudget({})).held);
});

test.each([
  ["service_tier", { service_tier: "priority" }],
  ["tools", { tools: [{ type: "code_interpreter", container: { type: "auto" } }] }],
  ["tools", { tools: [{ type: "shell", environment: { type: "container_auto" } }] }],
  ["tools", { tools: [{ type: "image_generation" }] }],
])("a price that is unknown is refused under a budget: %s %j", async (param, body) => {
  expect(await underBudget(body)).toMatchObject({ status: 400, body: { error: { code: "model_not_priced", param } } });
});

test("an earlier response may fill the context window, and so does the hold", async () => {
  const { id: previous_response_id } = await setup.openai.responses.create({ model: "small", input: "Hi" });
  const { held } = await underBudget({ previous_response_id });
  expect(held).toBeGreaterThan(100 * (await underBudget({})).held);
});

const many = (count: number) => Array.from({ length: count }, (_, n) => ({ type: "function", name: `f${n}` }));
const namespace = (inner: object[]) => ({ type: "namespace", name: "a", tools: inner });

test.each([
  ["tools", [namespace(many(600)), namespace(many(600))]],
  ["tools[0].tools", [namespace(many(2_000))]],
  ["tools[0].tools[1].tools", [namespace([...many(1), namespace(many(1))])]],
  ["tools[0].tools[0]", [{ ...namespace([]), tools: ["f"] }]],
])("more tools in namespaces than a walk over them may take are refused: %s", async (param, tools) => {
  const response = await setup.postTo("/v1/responses", { model: "small", input: "Hi", tools });
  expect(response.status).toBe(400);
  expect((await response.json()).error).toMatchObject({ param });
  expect(setup.provider.requests).toEqual([]);
});
