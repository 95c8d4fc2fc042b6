import { answer } from "@tollgate/testkit/provider-behaviour";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ask, limit, model, target } from "../setup.ts";
import { type OpenAiSetup, openOpenAiSetup } from "./openai-setup.ts";

let setup: OpenAiSetup;

beforeEach(async () => {
  setup = await openOpenAiSetup();
});
afterEach(() => setup.close());

const budget = (amount: bigint, given = {}) => limit({ unit: "usd", window: "month", amount, ...given });

test("the error names the limit, its owner and its reset", async () => {
  setup.change({ limits: [budget(1n)] });
  const response = await setup.post(ask({ max_tokens: 100 }));
  const { error } = (await response.json()) as { error: Record<string, string> };
  expect(response.status).toBe(402);
  expect(response.headers.get("x-should-retry")).toBe("false");
  expect(error).toMatchObject({ code: "budget_exceeded", scope: "organisation", window: "month" });
  expect(new Date(error.resets_at ?? "").getTime()).toBeGreaterThan(Date.now());
  expect(error.message).toContain("budget of the organisation");
  expect(error.message).not.toMatch(/\$/);
  expect(setup.provider.requests).toHaveLength(0);
  expect(setup.events).toMatchObject([{ status: 402, outcome: "refused", modelId: setup.org.models[0]?.id }]);
});

test("a key sees its own amount", async () => {
  setup.change({
    limits: [budget(10_000_000n - 9_999_000n, { scope: "key", subject: setup.keyPolicy.id, subjectName: "Test key" })],
  });
  const response = await setup.post(ask({ max_tokens: 1000 }));
  expect(await response.json()).toMatchObject({
    error: { scope: "key Test key", message: expect.stringContaining("$0.000001") },
  });
});

test("a run's refusal says what the run has used of its budget, and other runs go on", async () => {
  const run = (session: string) => ({ "x-tollgate-session": session });
  setup.change({ limits: [budget(3_000_000n, { scope: "run", window: "total" })] });
  await (await setup.post(ask({ max_tokens: 10 }), run("one"))).text();
  const me = (await (await setup.get("/v1/me", run("one"))).json()) as { limits: { used: string }[] };
  const used = me.limits[0]?.used ?? "";
  expect(Number(used)).toBeGreaterThan(0);
  const refused = await setup.post(ask({ max_tokens: 1_000_000 }), run("one"));
  expect(refused.status).toBe(402);
  expect(await refused.json()).toMatchObject({
    error: {
      code: "budget_exceeded",
      scope: "run one",
      message: `The budget of $0.003 of the run one (total) does not allow this request. The run has used $${used}. The request may use more than the whole limit.`,
    },
  });
  expect((await setup.post(ask({ max_tokens: 10 }), run("two"))).status).toBe(200);
  expect((await setup.post(ask({ max_tokens: 10 }))).status).toBe(200);
});

test("an organisation can choose 429 insufficient_quota", async () => {
  setup.change({ budgetErrorStatus: 429, limits: [budget(1n)] });
  const response = await setup.post(ask({ max_tokens: 100 }));
  expect(response.status).toBe(429);
  expect(response.headers.get("x-should-retry")).toBe("false");
  expect(await response.json()).toMatchObject({ error: { code: "insufficient_quota" } });
});

test("the real cost is counted, not the hold", async () => {
  setup.change({ limits: [budget(1_000_000_000n)] });
  await (await setup.post(ask({ max_tokens: 1000 }))).text();
  const [event] = setup.events;
  const me = (await (await setup.get("/v1/me")).json()) as { limits: { used: string; held: string }[] };
  expect(BigInt(event?.heldNano ?? 0)).toBeGreaterThan(BigInt(event?.costNano ?? 0));
  expect(me.limits[0]).toMatchObject({ held: "0" });
  expect(Number(me.limits[0]?.used) * 1e9).toBeCloseTo(Number(event?.costNano));
});

test("a refusal changes no counter", async () => {
  setup.change({ limits: [limit({ amount: 5n }), budget(1n)] });
  await setup.post(ask({ max_tokens: 100 }));
  const me = (await (await setup.get("/v1/me")).json()) as { limits: { used: unknown; held: unknown }[] };
  expect(me.limits).toMatchObject([
    { used: 0, held: 0 },
    { used: "0", held: "0" },
  ]);
});

test("a call without an output bound gets the bound that the budget allows, with a header", async () => {
  setup.change({ limits: [budget(1_000_000n)] });
  const response = await setup.post(ask());
  const clamped = Number(response.headers.get("x-tollgate-max-tokens-clamped"));
  expect(response.status).toBe(200);
  expect(clamped).toBeGreaterThanOrEqual(16);
  expect(clamped).toBeLessThan(16_384);
  expect(JSON.parse(setup.provider.requests[0]?.body.toString() ?? "")).toMatchObject({
    max_completion_tokens: clamped,
  });
});

test.each([
  [{}, "max_completion_tokens"],
  [{ max_tokens: 5_000 }, "max_tokens"],
  [{ max_completion_tokens: 5_000 }, "max_completion_tokens"],
])("a model's own bound is sent where the caller's is wider: %j", async (given, field) => {
  setup.change({ models: setup.org.models.map((each) => ({ ...each, maxOutputTokens: 50 })) });
  const response = await setup.post(ask(given));
  expect(response.headers.get("x-tollgate-max-tokens-clamped")).toBe("50");
  const sent = JSON.parse(setup.provider.requests[0]?.body.toString() ?? "");
  expect([sent.max_tokens, sent.max_completion_tokens].filter((each) => each !== undefined)).toEqual([50]);
  expect(sent[field]).toBe(50);
});

test("concurrent calls cannot spend more than the budget", async () => {
  setup.provider.scriptModel(
    "gpt-4o-mini",
    answer({ text: "x".repeat(400), usage: { input: 10, output: 100, cacheRead: 0, reasoning: 0 } }),
  );
  setup.change({ limits: [budget(150_000n)] });
  const statuses = await Promise.all(
    Array.from({ length: 20 }, async () => (await setup.post(ask({ max_tokens: 100 }))).status),
  );
  const spent = setup.events.reduce((sum, event) => sum + BigInt(event.costNano ?? 0), 0n);
  expect(statuses).toContain(200);
  expect(statuses).toContain(402);
  expect(spent).toBeLessThanOrEqual(150_000n);
});

test("a model with an unknown price is refused under a budget, and served without one", async () => {
  const [main] = setup.org.credentials;
  setup.change({
    models: [model([target(main?.id ?? "", { upstreamModel: "nobody-knows-this" })])],
    limits: [budget(1_000_000_000n)],
  });
  const refused = await setup.post(ask());
  expect(refused.status).toBe(400);
  expect(await refused.json()).toMatchObject({ error: { code: "model_not_priced" } });
  setup.change({ limits: [] });
  const served = await setup.post(ask());
  expect(served.status).toBe(200);
  expect(served.headers.get("x-tollgate-cost-usd")).toBeNull();
  expect(setup.events.at(-1)).toMatchObject({ costNano: null, pricing: "unpriced" });
});

test("a limit that only warns lets the call through", async () => {
  setup.change({ limits: [budget(1n, { mode: "warn", thresholds: [80] })] });
  const response = await setup.post(ask({ max_tokens: 100 }));
  expect(response.status).toBe(200);
  expect(response.headers.get("x-tollgate-limit-warning")).toMatch(/^organisation:\d+$/);
});

test("a free model is also refused when the budget is used up", async () => {
  const free = { provider: "openai", upstreamModel: "gpt-4o-mini", inputPerMillion: "0", outputPerMillion: "0" };
  const prices = [{ ...free, fromMs: 0, version: "own:free" }];
  setup.change({ limits: [budget(0n)], prices });
  expect((await setup.post(ask({ max_tokens: 100 }))).status).toBe(402);
  expect(setup.provider.requests).toHaveLength(0);
  setup.change({ limits: [budget(1n)] });
  expect((await setup.post(ask({ max_tokens: 100 }))).status).toBe(200);
});
