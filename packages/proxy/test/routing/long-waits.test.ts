import { type Provider, startProvider } from "@tollgate/testkit/provider";
import { answer, status } from "@tollgate/testkit/provider-behaviour";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openBreaker } from "../../src/routing/breaker.ts";
import { ask, credential, model, openSetup, type Setup, target } from "../setup.ts";

let provider: Provider;
let setup: Setup;
let nowMs: number;

beforeEach(async () => {
  nowMs = 1e6;
  provider = await startProvider();
  const one = credential(`${provider.url}/v1`);
  const health = openBreaker({ failuresMin: 5, restMs: 10_000, monotonic: () => nowMs });
  setup = await openSetup({ org: { credentials: [one], models: [model([target(one.id)])] }, ports: { health } });
});
afterEach(async () => {
  await setup.close();
  await provider.close();
});

const answers = async (): Promise<[number, string | null]> => {
  const response = await setup.post(ask());
  await response.arrayBuffer();
  return [response.status, response.headers.get("retry-after")];
};
const longWait = (message = "slow down") => status(429, { message, headers: { "retry-after": "3600" } });

test("the only target of a model is tried once a minute while its provider asks to wait for an hour", async () => {
  provider.script(longWait(), longWait());
  expect(await answers()).toEqual([429, "60"]);
  expect(await answers()).toEqual([503, "60"]);
  nowMs += 45_000;
  expect(await answers()).toEqual([503, "15"]);
  nowMs += 15_000;
  expect(await answers()).toEqual([429, "60"]);
  expect(await answers()).toEqual([503, "60"]);
  expect(provider.requests).toHaveLength(2);
});

test("a long wait ends when the only target answers", async () => {
  provider.script(longWait(), answer(), answer());
  await answers();
  nowMs += 60_000;
  expect((await answers())[0]).toBe(200);
  expect((await answers())[0]).toBe(200);
});

test.each([
  "Request too large for gpt-4o on tokens per min (TPM): Limit 30000, Requested 69025.",
  "Rate limit reached for gpt-4o on tokens per min (TPM): Limit 30,000, Requested 69,025.",
])("a request that alone exceeds the limit (%j) makes no other call wait", async (message) => {
  provider.script(longWait(message), answer());
  expect(await answers()).toEqual([429, null]);
  expect(await answers()).toEqual([200, null]);
});

test("a request that exceeds only what is left of the limit makes others wait", async () => {
  provider.script(longWait("Rate limit reached: Limit 30000, Used 29000, Requested 2000."));
  expect((await answers())[0]).toBe(429);
  expect((await answers())[0]).toBe(503);
});
