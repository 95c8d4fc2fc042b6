import { type Provider, startProvider } from "@tollgate/testkit/provider";
import { stall } from "@tollgate/testkit/provider-behaviour";
import { waitFor } from "@tollgate/testkit/wait-for";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ask, credential, type House, model, openHouse, target } from "../house.ts";

let provider: Provider;
let house: House;

beforeEach(async () => {
  provider = await startProvider();
  const main = credential(`${provider.url}/v1`);
  house = await openHouse({ headerTimeoutMs: 150, org: { credentials: [main], models: [model([target(main.id)])] } });
  provider.scriptModel("gpt-4o-mini", stall());
});
afterEach(async () => {
  await house.close();
  await provider.close();
});

test("a provider that says nothing", async () => {
  const response = await house.post(ask());
  expect(response.status).toBe(504);
  expect(await response.json()).toMatchObject({ error: { code: "upstream_timeout" } });
  await waitFor(() => provider.requests.every((seen) => seen.clientLeft));
  expect(house.events).toMatchObject([{ status: 504, outcome: "failed", costNano: "0" }]);
});

test("a caller's own deadline", async () => {
  const response = await house.post(ask(), { "x-tollgate-timeout-ms": "60" });
  expect(response.status).toBe(504);
  expect(provider.requests).toHaveLength(1);
});
