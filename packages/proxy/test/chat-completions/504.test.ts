import { stall } from "@tollgate/testkit/provider-behaviour";
import { waitFor } from "@tollgate/testkit/wait-for";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ask } from "../house.ts";
import { type OpenAiHouse, openOpenAiHouse } from "./openai-house.ts";

let house: OpenAiHouse;

beforeEach(async () => {
  house = await openOpenAiHouse({ headerTimeoutMs: 150 });
  house.provider.scriptModel("gpt-4o-mini", stall());
});
afterEach(() => house.close());

test("a provider that says nothing", async () => {
  const response = await house.post(ask());
  expect(response.status).toBe(504);
  expect(await response.json()).toMatchObject({ error: { code: "upstream_timeout" } });
  await waitFor(() => house.provider.requests.every((seen) => seen.clientLeft));
  expect(house.events).toMatchObject([{ status: 504, outcome: "failed", source: "estimated" }]);
});

test("a caller's own deadline", async () => {
  const response = await house.post(ask(), { "x-tollgate-timeout-ms": "1000" });
  expect(response.status).toBe(504);
  expect(house.provider.requests).toHaveLength(1);
});
