import { priceFor, priceServed } from "@tollgate/catalog/price";
import { afterEach, describe, expect, test } from "vitest";
import { type OperationSetup, openOperation } from "../operations/operation-setup.ts";
import { PRIVATE_KEY, startTokenEndpoint, type TokenEndpoint } from "../providers/token-endpoint.ts";
import { credential, limit, model, target } from "../setup.ts";

let setup: OperationSetup;
let tokens: TokenEndpoint | undefined;
afterEach(async () => {
  await setup.close();
  tokens?.close();
  tokens = undefined;
});

const NOVA = { provider: "bedrock", upstreamModel: "us.amazon.nova-pro-v1:0" };
const usage = { inputTokens: 1_000, outputTokens: 100, totalTokens: 1_100 };
const converse = (more: object = {}) => ({
  output: { message: { role: "assistant", content: [{ text: "Hi." }] } },
  ...{ stopReason: "end_turn", usage, metrics: { latencyMs: 1 }, ...more },
});
const USE = { input: 1_000, output: 100 };
const cost = (provider: string, upstreamModel: string, ...services: string[]) => {
  const price = priceFor({ provider, upstreamModel, atMs: Date.now() });
  return String(price && priceServed(price, services)?.cost(USE));
};
const budget = limit({ unit: "usd", window: "month", amount: 10n ** 9n });
const messages = [{ role: "user", content: "Hi" }];

describe("a tier asked for in another format than Bedrock's", () => {
  const CALLS = [
    ["/v1/chat/completions", { messages, max_tokens: 100 }],
    ["/v1/responses", { input: "Hi", max_output_tokens: 100, store: false }],
  ] as const;

  test.each(CALLS)("%s: is sent, held and settled at its price", async (path, body) => {
    setup = await openOperation(NOVA, { org: { limits: [budget] } });
    const held: number[] = [];
    for (const service_tier of ["default", "priority", "flex"]) {
      const served = service_tier === "default" ? {} : { serviceTier: { type: service_tier } };
      setup.answer(converse(served));
      const response = await setup.postTo(path, { model: "small", ...body, service_tier });
      expect([response.status, response.headers.get("x-tollgate-ignored") ?? ""]).toEqual([
        200,
        service_tier === "default" ? expect.any(String) : expect.not.stringContaining("service_tier"),
      ]);
      held.push(Number(setup.events.at(-1)?.heldNano));
    }
    expect(setup.seen.map(({ json }) => json.serviceTier)).toEqual([undefined, { type: "priority" }, { type: "flex" }]);
    expect(setup.events.map(({ costNano }) => costNano)).toEqual([
      cost("bedrock", NOVA.upstreamModel),
      cost("bedrock", NOVA.upstreamModel, "priority"),
      cost("bedrock", NOVA.upstreamModel, "flex"),
    ]);
    const [standard = 0, priority, flex] = held;
    // The requests differ by the length of a name. A discount is not relied upon.
    expect((priority ?? 0) / standard).toBeCloseTo(1.75, 1);
    expect((flex ?? 0) / standard).toBeCloseTo(1, 1);
  });

  test("one without a known price is refused under a dollar limit", async () => {
    setup = await openOperation(NOVA, { org: { limits: [budget] } });
    const call = { model: "small", messages, max_tokens: 10, service_tier: "reserved" };
    const refused = await setup.postTo("/v1/chat/completions", call);
    expect([refused.status, await refused.json()]).toMatchObject([400, { error: { code: "model_not_priced" } }]);
    expect(setup.seen).toEqual([]);
  });

  test("one that Bedrock does not have is left out by name, and costs nothing", async () => {
    setup = await openOperation(NOVA, { org: { limits: [budget] } });
    setup.answer(converse());
    const call = { model: "small", messages, max_tokens: 10, service_tier: "scale" };
    const response = await setup.postTo("/v1/chat/completions", call);
    expect([response.status, response.headers.get("x-tollgate-ignored")]).toEqual([200, "service_tier"]);
    expect(setup.events[0]?.costNano).toBe(cost("bedrock", NOVA.upstreamModel));
  });

  test("an optimised latency that the answer reports has no known price", async () => {
    setup = await openOperation(NOVA);
    setup.answer(converse({ performanceConfig: { latency: "optimized" } }));
    await setup.postTo("/v1/chat/completions", { model: "small", messages });
    expect(setup.events[0]).toMatchObject({ pricing: "unpriced", costNano: null });
  });
});

const GEMINI = "gemini-2.5-flash";
const HEADER = "x-vertex-ai-llm-shared-request-type";
const generated = (more: object = {}) => ({
  candidates: [{ content: { role: "model", parts: [{ text: "Hi." }] }, finishReason: "STOP", index: 0 }],
  usageMetadata: { promptTokenCount: 1_000, candidatesTokenCount: 100, totalTokenCount: 1_100, ...more },
});

async function openVertex(): Promise<void> {
  tokens = await startTokenEndpoint();
  setup = await openOperation({ provider: "google", upstreamModel: GEMINI });
  const [{ baseUrl = "" } = {}] = setup.org.credentials;
  const serviceAccount = JSON.stringify({ client_email: "robot@acme.iam", private_key: PRIVATE_KEY });
  const sealed = JSON.stringify({ scheme: "google-oauth", fields: { serviceAccount, tokenUrl: tokens.url } });
  const main = credential(`${baseUrl}/v1/projects/acme/locations/global`, { provider: "vertex", sealed });
  const models = [model([target(main.id, { upstreamModel: GEMINI })])];
  setup.change({ credentials: [main], models, limits: [budget] });
}

const generate = (given: object = {}, headers: Record<string, string> = {}) =>
  setup.postTo(
    "/v1beta/models/small:generateContent",
    { contents: [{ parts: [{ text: "Hi" }] }], generationConfig: { maxOutputTokens: 100 }, ...given },
    headers,
  );

describe("Vertex", () => {
  test.each([
    ["its own header", {}, { [HEADER]: "priority" }],
    ["Gemini's field", { serviceTier: "priority" }, {}],
    ["Gemini's field in its other spelling", { service_tier: "SERVICE_TIER_PRIORITY" }, {}],
  ])("gets the tier of %s in its header; it is held, and settled by the answer", async (_name, body, headers) => {
    await openVertex();
    setup.answer(generated({ trafficType: "ON_DEMAND_PRIORITY" }));
    expect((await generate(body, headers)).status).toBe(200);
    setup.answer(generated({ trafficType: "ON_DEMAND" }));
    await generate(body, headers);
    await generate();
    expect(setup.seen.map((sent) => sent.headers[HEADER])).toEqual(["priority", "priority", undefined]);
    for (const { json } of setup.seen) expect(JSON.stringify(json)).not.toMatch(/service_?tier/i);
    const [priority, standard, plain] = setup.events;
    expect([priority?.costNano, standard?.costNano]).toEqual([
      cost("google", GEMINI, "priority"),
      cost("google", GEMINI),
    ]);
    expect(Number(priority?.heldNano)).toBeGreaterThan(1.7 * Number(plain?.heldNano));
  });

  test("provisioned throughput only has an unknown price, so a dollar limit refuses it", async () => {
    await openVertex();
    const refused = await generate({}, { "x-vertex-ai-llm-request-type": "dedicated" });
    expect([refused.status, JSON.stringify(await refused.json())]).toEqual([
      400,
      expect.stringContaining("MODEL_NOT_PRICED"),
    ]);
    setup.change({ limits: [] });
    setup.answer(generated({ trafficType: "PROVISIONED_THROUGHPUT" }));
    await generate({}, { "x-vertex-ai-llm-request-type": "dedicated" });
    expect(setup.seen[0]?.headers["x-vertex-ai-llm-request-type"]).toBe("dedicated");
    expect(setup.events.at(-1)).toMatchObject({ pricing: "unpriced" });
  });

  test("a header that is no word is refused by name", async () => {
    await openVertex();
    const refused = await generate({}, { [HEADER]: "priority, flex" });
    expect([refused.status, JSON.stringify(await refused.json())]).toEqual([400, expect.stringContaining(HEADER)]);
  });
});

test("Gemini gets the tier of Vertex's header in its field", async () => {
  setup = await openOperation({ provider: "google", upstreamModel: GEMINI }, { org: { limits: [budget] } });
  setup.answer(generated({ serviceTier: "flex" }));
  await generate({}, { [HEADER]: "flex" });
  expect(setup.seen[0]?.json.serviceTier).toBe("flex");
  expect(setup.seen[0]?.headers[HEADER]).toBeUndefined();
  expect(setup.events[0]?.costNano).toBe(cost("google", GEMINI, "flex"));
});
