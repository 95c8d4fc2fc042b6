import { priceFor } from "@tollgate/catalog/price";
import { answer } from "@tollgate/testkit/provider-behaviour";
import { afterEach, describe, expect, test } from "vitest";
import { limit } from "../setup.ts";
import { patched } from "./patched.ts";
import { openPriced, type PricedSetup } from "./priced-setup.ts";

let setup: PricedSetup;
afterEach(() => setup.close());

const usage = { input: 20, output: 1_000, cacheRead: 0, cacheWrite: 0, reasoning: 0 };
const use = { input: 20, output: 1_000 };
const cost = (provider: string, upstreamModel: string): string =>
  String(priceFor({ provider, upstreamModel, atMs: Date.now() })?.cost(use));

const named = (model: string) =>
  patched(answer({ text: "Hi", usage, model }), (json) =>
    json.usageMetadata || json.candidates ? { ...json, modelVersion: model } : json,
  );

describe.each([false, true])("stream: %s", (stream) => {
  test.each([
    ["chat", "openai", "gpt-5-chat-latest", "gpt-5.2-2025-12-11"],
    ["responses", "openai", "gpt-4.1", "gpt-4.1-mini-2025-04-14"],
    ["messages", "anthropic", "claude-sonnet-4-5-latest", "claude-opus-4-8"],
    ["google", "google", "gemini-flash-latest", "gemini-2.5-flash"],
    ["chat", "anthropic", "claude-sonnet-4-5-latest", "claude-opus-4-8"],
    ["messages", "openai", "gpt-4.1", "gpt-4.1-mini-2025-04-14"],
    ["chat", "google", "gemini-flash-latest", "gemini-2.5-flash"],
    ["chat", "openrouter", "openrouter/auto", "openai/gpt-4.1"],
  ])("%s to %s %s: the model that answered is priced and recorded: %s", async (...row) => {
    const [surface, provider, asked, answered] = row;
    setup = await openPriced(surface, provider, asked, stream);
    setup.provider.script(named(answered));
    await (await setup.call(1_000)).text();
    expect(setup.events).toMatchObject([
      {
        upstreamModel: asked,
        costNano: cost(provider, answered),
        pricing: "priced",
        attempts: [{ upstreamModel: asked, answeredModel: answered }],
      },
    ]);
  });
});

test.each(["", 7, null, { a: 1 }, "x".repeat(10_000), "a-model-without-a-price"])(
  "an answer that names the model %j is charged as the model that was asked for",
  async (model) => {
    setup = await openPriced("chat", "openai", "gpt-4.1");
    setup.provider.script(patched(answer({ text: "Hi", usage }), (json) => ({ ...json, model })));
    await (await setup.call(1_000)).text();
    expect(setup.events).toMatchObject([{ costNano: cost("openai", "gpt-4.1") }]);
    expect((setup.events[0]?.attempts[0]?.answeredModel ?? "").length).toBeLessThanOrEqual(200);
  },
);

test("an own price of the model that was asked for comes before the catalogue's of the one that answered", async () => {
  setup = await openPriced("chat", "openai", "gpt-4.1");
  const own = { provider: "openai", upstreamModel: "gpt-4.1", inputPerMillion: "0", outputPerMillion: "1000" };
  setup.change({ prices: [{ ...own, fromMs: 0, version: "own:1" }] });
  setup.provider.script(named("gpt-4.1-2025-04-14"));
  await (await setup.call(1_000)).text();
  expect(setup.events).toMatchObject([{ costNano: "1000000000", priceVersion: "own:1" }]);
});

describe.each([false, true])("a cost that the provider reports, stream: %s", (stream) => {
  const reporting = (fields: object) =>
    patched(answer({ text: "Hi", usage }), (json) =>
      json.usage ? { ...json, usage: { ...(json.usage as object), ...fields } } : json,
    );

  test.each([
    ["chat", "openrouter", "openai/gpt-4.1", { cost: 0.0123 }, "12300000"],
    ["messages", "openrouter", "openai/gpt-4.1", { cost: 0.0123 }, "12300000"],
    ["chat", "openrouter", "nobody/knows-this", { cost: 0.0123 }, "12300000"],
    ["chat", "openrouter", "openai/gpt-4.1", { cost: 0, is_byok: false }, "0"],
    [
      ...(["chat", "openrouter", "openai/gpt-4.1"] as const),
      { cost: 0.0005, is_byok: true, cost_details: { upstream_inference_cost: 0.01 } },
      "10500000",
    ],
    ["chat", "xai", "grok-4.3", { cost_in_usd_ticks: 1_721_250 }, "172125"],
  ] as const)("%s to %s %s: %j is the cost, ours is kept", async (surface, provider, model, fields, charged) => {
    setup = await openPriced(surface, provider, model, stream);
    setup.change({
      limits: model.startsWith("nobody") ? [] : [limit({ unit: "usd", window: "month", amount: 10n ** 12n })],
    });
    setup.provider.script(reporting(fields));
    await (await setup.call(1_000)).text();
    const ours = priceFor({ provider, upstreamModel: model, atMs: Date.now() })?.cost(use) ?? null;
    expect(setup.events).toMatchObject([
      {
        costNano: charged,
        pricing: "priced",
        attempts: [{ costNano: charged, computedNano: ours === null ? null : String(ours) }],
      },
    ]);
  });

  test("Perplexity's total", async () => {
    setup = await openPriced("chat", "perplexity", "sonar");
    setup.provider.script(reporting({ cost: { total_cost: 0.006, request_cost: 0.005 } }));
    await (await setup.call(1_000)).text();
    expect(setup.events).toMatchObject([{ costNano: "6000000", attempts: [{ computedNano: expect.any(String) }] }]);
  });

  test.each([
    { cost: -1 },
    { cost: Number.MAX_VALUE },
    { cost: "0.01" },
    { cost: null },
    { cost: [] },
    { cost: { total_cost: "1" } },
    { cost: 0.001, is_byok: true },
    { cost_in_usd_ticks: -5 },
    { cost_in_usd_ticks: 1e300 },
  ])("%j is not a cost: ours is", async (fields) => {
    setup = await openPriced("chat", "openrouter", "openai/gpt-4.1", stream);
    setup.provider.script(reporting(fields));
    await (await setup.call(1_000)).text();
    expect(setup.events).toMatchObject([{ costNano: cost("openrouter", "openai/gpt-4.1") }]);
    expect(setup.events[0]?.attempts[0]).not.toHaveProperty("computedNano");
  });

  test("a provider that reports no costs in dollars is not believed", async () => {
    setup = await openPriced("chat", "openai", "gpt-4.1", stream);
    setup.provider.script(reporting({ cost: 0 }));
    await (await setup.call(1_000)).text();
    expect(setup.events).toMatchObject([{ costNano: cost("openai", "gpt-4.1") }]);
  });
});

describe("a deployment whose name is not a model's", () => {
  const deployed = async (baseModel: string | null): Promise<void> => {
    setup = await openPriced("chat", "openai", "my-deployment");
    const models = setup.org.models.map((each) => ({
      ...each,
      targets: each.targets.map((target) => ({ ...target, baseModel })),
    }));
    setup.change({ models, limits: [limit({ unit: "usd", window: "month", amount: 10n ** 12n })] });
  };

  test("is priced and held as its base model, also when the answer names none", async () => {
    await deployed("gpt-4.1");
    setup.provider.script(patched(answer({ text: "Hi", usage }), (json) => ({ ...json, model: undefined })));
    expect((await setup.call(0)).status).toBe(200);
    const [event] = setup.events;
    expect(event).toMatchObject({ upstreamModel: "my-deployment", costNano: cost("openai", "gpt-4.1") });
    expect(event?.attempts[0]?.answeredModel).toBe("gpt-4.1");
    // The maximum of gpt-4.1 at its priority price.
    expect(BigInt(event?.heldNano ?? 0)).toBeGreaterThan(32_768n * 14_000n);
    expect(JSON.parse(setup.provider.requests[0]?.body.toString() ?? "")).toMatchObject({ model: "my-deployment" });
  });

  test("is refused under a budget without one, and an own price of its name comes first", async () => {
    await deployed(null);
    expect((await setup.call(10)).status).toBe(400);
    const own = { provider: "openai", upstreamModel: "my-deployment", inputPerMillion: "0", outputPerMillion: "1000" };
    setup.change({ prices: [{ ...own, fromMs: 0, version: "own:1" }] });
    setup.provider.script(named("gpt-4.1-2025-04-14"));
    await (await setup.call(1_000)).text();
    expect(setup.events.at(-1)).toMatchObject({ costNano: "1000000000", priceVersion: "own:1" });
  });

  test.each(["gpt-4.1-2025-04-14", "gpt-4.1", undefined])(
    "has the own price of its base model when %s answers",
    async (model) => {
      await deployed("gpt-4.1");
      const own = { provider: "openai", upstreamModel: "gpt-4.1", inputPerMillion: "0", outputPerMillion: "1000" };
      setup.change({ prices: [{ ...own, fromMs: 0, version: "own:base" }] });
      setup.provider.script(patched(answer({ text: "Hi", usage }), (json) => ({ ...json, model })));
      await (await setup.call(1_000)).text();
      expect(setup.events.at(-1)).toMatchObject({ costNano: "1000000000", priceVersion: "own:base" });
      // A re-rating finds the price under this name.
      expect(setup.events.at(-1)?.attempts[0]?.answeredModel).toBe("gpt-4.1");
    },
  );
});
