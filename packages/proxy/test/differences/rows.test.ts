import { type Provider, startProvider } from "@tollgate/testkit/provider";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ask, credential, model, openSetup, type Setup, target } from "../setup.ts";

let upstream: Provider;
let setup: Setup;

beforeEach(async () => {
  upstream = await startProvider();
});
afterEach(async () => {
  await setup.close();
  await upstream.close();
});

async function openFor(provider: string, upstreamModel: string): Promise<void> {
  const main = credential(`${upstream.url}/v1`, { provider });
  setup = await openSetup({ org: { credentials: [main], models: [model([target(main.id, { upstreamModel })])] } });
}

test.each([
  ["mistral", "mistral-large-latest", { seed: 3, max_completion_tokens: 5 }, { random_seed: 3, max_tokens: 5 }, null],
  ["openai", "gpt-5-mini", { max_tokens: 5 }, { max_completion_tokens: 5 }, null],
  ["openai", "gpt-4o", { max_tokens: 5 }, { max_tokens: 5 }, null],
  ["moonshotai", "kimi-k2", { max_completion_tokens: 5 }, { max_tokens: 5 }, null],
  ["xai", "grok-4", { presence_penalty: 1, stop: ["a"] }, { stop: ["a"] }, "presence_penalty"],
  ["xai", "grok-3", { presence_penalty: 1 }, { presence_penalty: 1 }, null],
])("%s %s gets the fields that it takes", async (provider, upstreamModel, given, expected, ignored) => {
  await openFor(provider, upstreamModel);
  const response = await setup.post(ask(given));
  expect(response.status).toBe(200);
  expect(response.headers.get("x-tollgate-ignored")).toBe(ignored);
  expect(upstream.requests[0]?.json).toEqual({ ...ask(), model: upstreamModel, ...expected });
});

test("a translated call leaves out the same fields and has the provider's names", async () => {
  await openFor("mistral", "mistral-large-latest");
  const body = { model: "small", max_tokens: 9, messages: [{ role: "user", content: "Hi" }] };
  expect((await setup.postTo("/v1/messages", body)).status).toBe(200);
  expect(upstream.requests[0]?.json).toMatchObject({ max_tokens: 9 });
});

test("an image by its address is refused by name when the provider fetches none", async () => {
  await openFor("moonshotai", "kimi-k2");
  const source = { type: "url", url: "https://example.com/a.png" };
  const body = { model: "small", max_tokens: 9, messages: [{ role: "user", content: [{ type: "image", source }] }] };
  const response = await setup.postTo("/v1/messages", body);
  expect(response.status).toBe(400);
  expect(await response.text()).toContain("source.type");
  expect(upstream.requests).toHaveLength(0);
});
