import OpenAI from "openai";
import { afterEach, expect, test } from "vitest";
import { guardrail } from "../guardrails/guardrail.ts";
import { limit } from "../setup.ts";
import { type OperationSetup, openOperation } from "./operation-setup.ts";

let setup: OperationSetup;
afterEach(() => setup.close());

const RESULT = {
  id: "modr-1",
  model: "omni-moderation-latest",
  results: [{ flagged: false, categories: { hate: false }, category_scores: { hate: 0.01 } }],
};

async function open(...options: Parameters<typeof openOperation>[1][]): Promise<OpenAI> {
  setup = await openOperation({ provider: "openai", upstreamModel: "omni-moderation-latest" }, options[0]);
  setup.answer(RESULT);
  return new OpenAI({ apiKey: setup.key, baseURL: `${setup.url}/v1`, maxRetries: 0 });
}

test("a moderation is free, also under a dollar limit, and uses a request", async () => {
  const limits = [limit({ unit: "usd", window: "month", amount: 0n }), limit({ amount: 1n })];
  const client = await open({ org: { limits } });
  const input = [{ type: "text" as const, text: "hello" }];
  expect((await client.moderations.create({ model: "small", input })).results[0]?.flagged).toBe(false);
  expect(setup.seen[0]).toMatchObject({ path: "/moderations", json: { model: "omni-moderation-latest", input } });
  expect(setup.events[0]).toMatchObject({
    surface: "moderations",
    use: { input: 0, output: 0 },
    costNano: "0",
    pricing: "priced",
    priceVersion: "free",
    flags: [],
  });
  await expect(client.moderations.create({ model: "small", input })).rejects.toMatchObject({ status: 429 });
});

test("without a model OpenAI's default is meant", async () => {
  const client = await open();
  await expect(client.moderations.create({ input: "hello" })).rejects.toMatchObject({ code: "model_not_found" });
  const [small] = setup.org.models;
  setup.change({ models: [{ ...(small as NonNullable<typeof small>), name: "omni-moderation-latest" }] });
  expect((await client.moderations.create({ input: "hello" })).id).toBe("modr-1");
});

test("an equal request is answered from the cache", async () => {
  const client = await open();
  setup.change({ models: setup.org.models.map((each) => ({ ...each, cacheTtlSeconds: 60 })) });
  await client.moderations.create({ model: "small", input: "hello" });
  await client.moderations.create({ model: "small", input: "hello" });
  expect(setup.events.map(({ cache }) => cache)).toEqual(["miss", "hit"]);
});

test("guardrails read the input; a request without input is refused", async () => {
  const client = await open({ org: { guardrails: [guardrail({ patterns: ["secret"] })] } });
  const blocked = client.moderations.create({ model: "small", input: ["fine", "a secret"] });
  await expect(blocked).rejects.toMatchObject({ code: "guardrail_blocked" });
  const empty = client.moderations.create({ model: "small" } as never);
  await expect(empty).rejects.toMatchObject({ status: 400, param: "input" });
});
