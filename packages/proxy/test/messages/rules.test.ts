import type { GuardrailPolicy } from "@tollgate/contracts/grant";
import { answer } from "@tollgate/testkit/provider-behaviour";
import { afterEach, beforeEach, expect, test } from "vitest";
import { rule } from "../guardrails/rule.ts";
import { limit } from "../setup.ts";
import { type MessagesSetup, openMessagesSetup } from "./messages-setup.ts";

let setup: MessagesSetup;

beforeEach(async () => {
  setup = await openMessagesSetup("anthropic", {}, { cacheTtlSeconds: 60 });
});
afterEach(() => setup.close());

const redacting = (given: Partial<GuardrailPolicy>) => rule({ action: "redact", ...given });

const messages = (...content: object[]) => ({ messages: [{ role: "user", content }] });
const textDocument = { type: "text", media_type: "text/plain", data: "swordfish" };

test.each([
  ["a system block", { system: [{ type: "text", text: "swordfish" }] }],
  ["a system message", { messages: [{ role: "system", content: "swordfish" }] }],
  ["a text", messages({ type: "text", text: "swordfish" })],
  ["a plain text document, which is not base64", messages({ type: "document", source: textDocument })],
  ["the title of a document", messages({ type: "document", title: "swordfish", source: textDocument })],
  [
    "a tool result",
    messages({ type: "tool_result", tool_use_id: "t", content: [{ type: "text", text: "swordfish" }] }),
  ],
  ["the input of a tool", messages({ type: "tool_use", id: "t", name: "f", input: { type: "swordfish" } })],
  ["a name in the input of a tool", messages({ type: "tool_use", id: "t", name: "f", input: { swordfish: 1 } })],
  ["a thought", messages({ type: "thinking", thinking: "swordfish", signature: "c2ln" })],
  ["a tool", { tools: [{ name: "f", description: "swordfish", input_schema: { type: "object" } }] }],
  ["a schema", { output_config: { format: { type: "json_schema", schema: { properties: { swordfish: {} } } } } }],
  ["an unknown block", messages({ type: "novelty", words: ["swordfish"] })],
])("a guardrail sees %s", async (_name, given) => {
  setup.change({ guardrails: [redacting({})] });
  expect((await setup.say(given)).status).toBe(200);
  const sent = setup.provider.requests[0]?.body.toString();
  expect(sent).toContain("[redacted:No secrets]");
  expect(sent).not.toContain("swordfish");
});

test("a guardrail does not change signatures and the bytes of pictures", async () => {
  setup.change({ guardrails: [redacting({ patterns: ["aaaa"] })] });
  const image = { type: "image", source: { type: "base64", media_type: "image/png", data: "aaaa" } };
  const thought = { type: "thinking", thinking: "Hm", signature: "aaaa" };
  await setup.say(messages(image, thought, { type: "redacted_thinking", data: "aaaa" }));
  expect(setup.sent()).toMatchObject({ messages: [{ content: [image, thought, { data: "aaaa" }] }] });
});

test("a blocked prompt is refused in Anthropic's format, without the match", async () => {
  setup.change({ guardrails: [redacting({ action: "block" })] });
  const response = await setup.say(messages({ type: "text", text: "swordfish" }));
  const text = await response.text();
  expect([response.status, JSON.parse(text)]).toMatchObject([400, { error: { code: "guardrail_blocked" } }]);
  expect(text).not.toContain("swordfish");
});

test.each([[{}], [{ stream: true }]])("an exact repeat comes from the cache and costs nothing: %j", async (given) => {
  const first = await (await setup.say(given)).text();
  const second = await setup.say(given);
  expect(second.headers.get("x-tollgate-cache")).toBe("hit");
  expect(await second.text()).toBe(first.replace(/"cost_usd":[\d.]+/, '"cost_usd":0'));
  expect(setup.events[1]).toMatchObject({ cache: "hit", costNano: "0" });
});

test("a repeat with other betas is not the same question", async () => {
  await (await setup.say()).text();
  const other = await setup.say({}, { "anthropic-beta": "context-1m-2025-08-07" });
  expect(other.headers.get("x-tollgate-cache")).toBe("miss");
});

test("a cut answer is not cached", async () => {
  setup.provider.script(answer({ text: "Hel", finish: "length" }));
  await (await setup.say()).text();
  expect((await setup.say()).headers.get("x-tollgate-cache")).toBe("miss");
});

test("a budget holds the most that the call may cost: long cache writes, searches and pages too", async () => {
  setup.change({ limits: [limit({ unit: "usd", window: "month", amount: 100_000_000_000n })] });
  const plain = { max_tokens: 10 };
  const marked = { system: [{ type: "text", text: "x", cache_control: { type: "ephemeral", ttl: "1h" } }] };
  const search = { tools: [{ type: "web_search_20250305", name: "web_search", max_uses: 3 }] };
  const fetch = { tools: [{ type: "web_fetch_20250910", name: "web_fetch" }] };
  const holds: number[] = [];
  for (const given of [plain, { ...plain, ...marked }, { ...plain, ...search }, { ...plain, ...fetch }]) {
    await setup.say(given);
    holds.push(Number(setup.events.at(-1)?.heldNano));
  }
  const [base = 0, long = 0, searching = 0, fetching = 0] = holds;
  expect(long).toBeGreaterThan(base);
  // 200,000 tokens of the context window at 3 dollars per million.
  expect(fetching).toBeGreaterThanOrEqual(600_000_000);
  // Three searches at 10 dollars per thousand.
  expect(searching - base).toBeGreaterThanOrEqual(30_000_000);
});

test.each([
  [{ speed: "fast" }, "speed"],
  [{ inference_geo: "eu" }, "inference_geo"],
  [{ service_tier: "priority" }, "service_tier"],
])("a budget refuses %j, whose price is unknown", async (given, param) => {
  setup.change({ limits: [limit({ unit: "usd", window: "month", amount: 100_000_000_000n })] });
  const response = await setup.say(given);
  expect([response.status, await response.json()]).toMatchObject([400, { error: { code: "model_not_priced", param } }]);
});

test.each([0.5, 1e308, -1, "9"])(
  "a number of searches that cannot be held is refused by name: %s",
  async (max_uses) => {
    const tools = [{ type: "web_search_20250305", name: "web_search", max_uses }];
    const response = await setup.say({ tools });
    expect([response.status, await response.json()]).toMatchObject([400, { error: { param: "tools[0].max_uses" } }]);
  },
);

test("an empty budget is 402 with Anthropic's billing error, and a full rate limit 429", async () => {
  setup.change({ limits: [limit({ unit: "usd", window: "month", amount: 1n })] });
  const budget = await setup.say();
  expect([budget.status, await budget.json()]).toMatchObject([402, { error: { type: "billing_error" } }]);
  expect(budget.headers.get("x-should-retry")).toBe("false");
  setup.change({ limits: [limit({ amount: 0n })] });
  const rate = await setup.say();
  expect([rate.status, await rate.json()]).toMatchObject([429, { error: { type: "rate_limit_error" } }]);
});

test("a clamped output limit keeps the thinking budget below it", async () => {
  setup.change({ models: setup.org.models.map((each) => ({ ...each, maxOutputTokens: 4_000 })) });
  const response = await setup.say({ max_tokens: 9_000, thinking: { type: "enabled", budget_tokens: 8_000 } });
  expect(response.headers.get("x-tollgate-max-tokens-clamped")).toBe("4000");
  expect(setup.sent()).toMatchObject({ max_tokens: 4_000, thinking: { type: "enabled", budget_tokens: 2_000 } });
});

test("end users, customers and Claude Code's sessions are attributed", async () => {
  await setup.say({ metadata: { user_id: "u1" } }, { "x-claude-code-session-id": "s1", "x-tollgate-customer": "c1" });
  expect(setup.events[0]).toMatchObject({ endUser: "u1", session: "s1", customer: "c1" });
});

test("other models that a request names do not reach the provider, and the client is told", async () => {
  const response = await setup.say({ fallbacks: [{ model: "claude-opus-4-8" }], stop_sequences: ["x"] });
  expect([response.status, response.headers.get("x-tollgate-ignored")]).toEqual([200, "fallbacks"]);
  expect(setup.sent()).not.toHaveProperty("fallbacks");
  expect(setup.sent()).toMatchObject({ stop_sequences: ["x"] });
});

test("an advisor, whose usage is not reported with the call's, needs a call without a hard dollar limit", async () => {
  const tools = [{ type: "advisor_20260301", name: "advisor", model: "claude-opus-4-8" }];
  setup.change({ limits: [limit({ unit: "usd", window: "month", amount: 100_000_000_000n })] });
  const refused = await setup.say({ tools });
  expect([refused.status, await refused.text()]).toEqual([400, expect.stringContaining("tools")]);
  expect(setup.provider.requests).toHaveLength(0);
  setup.change({ limits: [] });
  expect((await setup.say({ tools })).status).toBe(200);
});
