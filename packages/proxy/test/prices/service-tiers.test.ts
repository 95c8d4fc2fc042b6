import { priceFor, priceServed } from "@tollgate/catalog/price";
import { answer } from "@tollgate/testkit/provider-behaviour";
import { afterEach, describe, expect, test } from "vitest";
import { limit } from "../setup.ts";
import { patched, TIERS } from "./patched.ts";
import { openPriced, type PricedSetup } from "./priced-setup.ts";

let setup: PricedSetup;

afterEach(() => setup.close());

const budget = (amount: bigint) => limit({ unit: "usd", window: "month", amount });
const usage = { input: 20, output: 30_000, cacheRead: 0, cacheWrite: 0, reasoning: 0 };
const use = { input: 20, output: 30_000 };

function cost(provider: string, model: string, ...services: string[]): string {
  const price = priceFor({ provider, upstreamModel: model, atMs: Date.now() });
  return String(price && priceServed(price, services)?.cost(use));
}

const CASES = [
  ["chat", "openai", "gpt-4.1"],
  ["responses", "openai", "gpt-4.1"],
  ["messages", "openai", "gpt-4.1"],
  ["google", "openai", "gpt-4.1"],
  ["google", "google", "gemini-2.5-flash"],
  ["chat", "google", "gemini-2.5-flash"],
].flatMap(([surface, provider, model]) =>
  [false, true].map((stream) => ({ surface: surface ?? "", provider: provider ?? "", model: model ?? "", stream })),
);

const told = (provider: string, tier: string) => {
  const patch = provider === "openai" ? "chat" : "google";
  return patched(answer({ text: "Hi", usage }), (json) =>
    json.response || json.object === "response"
      ? (TIERS.responses?.(json, tier) ?? json)
      : (TIERS[patch]?.(json, tier) ?? json),
  );
};

describe.each(CASES)("$surface to $provider, stream: $stream", ({ surface, provider, model, stream }) => {
  test("a call is charged for the tier that the answer names", async () => {
    setup = await openPriced(surface, provider, model, stream);
    setup.provider.script(told(provider, "priority"), told(provider, "default"));
    await (await setup.call(30_000)).text();
    await (await setup.call(30_000)).text();
    expect(setup.events.map(({ costNano }) => costNano)).toEqual([
      cost(provider, model, "priority"),
      cost(provider, model),
    ]);
    expect(setup.events.map(({ attempts }) => attempts[0]?.served)).toEqual([["priority"], undefined]);
  });

  test("a tier without a known price is unpriced, never at the list price, and counts as its hold", async () => {
    setup = await openPriced(surface, provider, model, stream);
    setup.change({ limits: [budget(10_000_000_000n)] });
    setup.provider.script(told(provider, "platinum"));
    await (await setup.call(30_000)).text();
    const me = (await (await setup.get("/v1/me")).json()) as { limits: { used: string }[] };
    const [event] = setup.events;
    expect(event).toMatchObject({ costNano: null, pricing: "unpriced", attempts: [{ served: ["platinum"] }] });
    expect(Number(me.limits[0]?.used)).toBeCloseTo(Number(event?.heldNano) / 1e9, 6);
  });
});

describe.each([
  ["chat", { service_tier: "priority" }],
  ["chat", { service_tier: "auto" }],
  ["chat", {}],
  ["responses", { service_tier: "priority" }],
  ["responses", {}],
  ["messages", {}],
  ["google", {}],
])("%s %j: a hard cap of $0.60 at a price of $0.42 for a priority call", (surface, given) => {
  test.each([false, true])("admits exactly one, stream: %s", async (stream) => {
    setup = await openPriced(surface, "openai", "gpt-4.1", stream);
    setup.change({ limits: [budget(600_000_000n)] });
    setup.provider.script(told("openai", "priority"), told("openai", "priority"), told("openai", "priority"));
    const together = await Promise.all([setup.call(30_000, given), setup.call(30_000, given)]);
    await Promise.all(together.map((each) => each.text()));
    const later = await setup.call(30_000, given);
    await later.text();
    expect([...together, later].map(({ status }) => status).sort()).toEqual([200, 402, 402]);
    const spent = setup.events.reduce((sum, { costNano }) => sum + BigInt(costNano ?? 0), 0n);
    expect(spent).toBe(BigInt(cost("openai", "gpt-4.1", "priority")));
    expect(setup.events.flatMap(({ flags }) => flags)).not.toContain("over_hold");
  });
});

test.each([
  ["chat", "openai", "gpt-4.1", { service_tier: "scale" }, "service_tier"],
  ["chat", "openai", "gpt-4", { service_tier: "priority" }, "service_tier"],
  ["chat", "openai", "gpt-4.1", { service_tier: 1 }, "service_tier"],
  ["chat", "mistral", "mistral-large-latest", { service_tier: "__proto__" }, "service_tier"],
  ["responses", "openai", "gpt-4.1", { service_tier: "scale" }, "service_tier"],
  ["messages", "anthropic", "claude-sonnet-4-6", { speed: "fast" }, "speed"],
  ["messages", "anthropic", "claude-sonnet-4-6", { inference_geo: "eu" }, "inference_geo"],
  ["messages", "anthropic", "claude-sonnet-4-6", { service_tier: "priority" }, "service_tier"],
])("%s to %s %s under a budget: %j has no known price and is refused by name", async (...row) => {
  const [surface, provider, model, given, param] = row;
  setup = await openPriced(surface, provider, model);
  setup.change({ limits: [budget(100_000_000_000n)] });
  const refused = await setup.call(100, given);
  expect([refused.status, await refused.json()]).toMatchObject([400, { error: { code: "model_not_priced", param } }]);
  expect(setup.provider.requests).toHaveLength(0);
  setup.change({ limits: [] });
  expect((await setup.call(100, given)).status).toBe(200);
});

test.each([
  [{ speed: "fast" }, { speed: "fast" }, ["fast"]],
  [{ speed: "fast" }, { speed: "standard" }, []],
  [{ speed: "fast" }, {}, ["fast"]],
  [{ inference_geo: "us" }, { inference_geo: "us" }, ["regional"]],
  [{}, { inference_geo: "us", speed: "fast" }, ["fast", "regional"]],
  [{}, { inference_geo: "not_available", service_tier: "standard" }, []],
  [{}, { service_tier: "batch" }, ["batch"]],
])("Anthropic's speed and region: asked %j, told %j", async (asked, said, services) => {
  setup = await openPriced("messages", "anthropic", "claude-opus-4-8");
  setup.change({ limits: [budget(100_000_000_000n)] });
  setup.provider.script(
    patched(answer({ text: "Hi", usage }), (json) => ({ ...json, usage: { ...(json.usage as object), ...said } })),
  );
  await (await setup.call(30_000, asked)).text();
  const [event] = setup.events;
  expect(event?.costNano).toBe(cost("anthropic", "claude-opus-4-8", ...services));
  if (!("speed" in said) || "speed" in asked) expect(event?.flags).toEqual([]);
});

test("OpenAI's regional addresses have the regional price, in the hold too", async () => {
  setup = await openPriced("chat", "openai", "gpt-5.4");
  const [main] = setup.org.credentials;
  expect(main).toBeDefined();
  const regional = priceFor({ provider: "openai", upstreamModel: "gpt-5.4", atMs: Date.now() });
  expect(regional && priceServed(regional, ["regional"])?.cost(use)).toBe(((regional?.cost(use) ?? 0n) * 11n) / 10n);
});

test("an own price may have its own factor for a tier", async () => {
  setup = await openPriced("chat", "openai-compatible", "own");
  const own = { provider: "openai-compatible", upstreamModel: "own", inputPerMillion: "0", outputPerMillion: "10" };
  const prices = [{ ...own, fromMs: 0, version: "own:1", services: { priority: "3" } }];
  setup.change({ prices, limits: [budget(100_000_000_000n)] });
  setup.provider.script(told("openai", "priority"));
  await (await setup.call(30_000, { service_tier: "priority" })).text();
  expect(setup.events[0]?.costNano).toBe("900000000");
  expect((await setup.call(10, { service_tier: "flex" })).status).toBe(400);
});

const NOVA = "us.amazon.nova-pro-v1:0";
const CLAUDE = "us.anthropic.claude-sonnet-4-5-20250929-v1:0";

test.each([
  [NOVA, "priority", ["priority"]],
  [NOVA, "flex", ["flex"]],
  [NOVA, "default", []],
  [CLAUDE, "default", []],
])("Bedrock serves %s in the tier %s", async (model, type, services) => {
  setup = await openPriced("chat", "bedrock", model);
  setup.provider.script(patched(answer({ text: "Hi", usage }), (json) => ({ ...json, serviceTier: { type } })));
  await (await setup.call(30_000)).text();
  expect(setup.events[0]?.costNano).toBe(cost("bedrock", model, ...services));
});

test("Bedrock's regional profiles have a price of their own, and Claude no known price in other tiers", async () => {
  expect(cost("bedrock", CLAUDE)).not.toBe(cost("bedrock", CLAUDE.replace("us.", "global.")));
  setup = await openPriced("chat", "bedrock", CLAUDE);
  const said = { serviceTier: { type: "priority" } };
  setup.provider.script(patched(answer({ text: "Hi", usage }), (json) => ({ ...json, ...said })));
  await (await setup.call(30_000)).text();
  expect(setup.events[0]).toMatchObject({ costNano: null, pricing: "unpriced" });
});

test("Bedrock's optimised latency has no known price", async () => {
  setup = await openPriced("chat", "bedrock", "us.amazon.nova-pro-v1:0");
  const said = { performanceConfig: { latency: "optimized" } };
  setup.provider.script(patched(answer({ text: "Hi", usage }), (json) => ({ ...json, ...said })));
  await (await setup.call(30_000)).text();
  expect(setup.events).toMatchObject([{ pricing: "unpriced", attempts: [{ served: ["optimized"] }] }]);
});
