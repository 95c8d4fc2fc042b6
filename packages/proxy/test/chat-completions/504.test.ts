import { stall } from "@tollgate/testkit/provider-behaviour";
import { waitFor } from "@tollgate/testkit/wait-for";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ask } from "../setup.ts";
import { type OpenAiSetup, openOpenAiSetup } from "./openai-setup.ts";

let setup: OpenAiSetup;

beforeEach(async () => {
  setup = await openOpenAiSetup({ headerTimeoutMs: 150 });
  setup.provider.scriptModel("gpt-4o-mini", stall());
});
afterEach(() => setup.close());

test("a provider that sends nothing", async () => {
  const response = await setup.post(ask());
  expect(response.status).toBe(504);
  expect(await response.json()).toMatchObject({ error: { code: "upstream_timeout" } });
  await waitFor(() => setup.provider.requests.every((seen) => seen.clientLeft));
  expect(setup.events).toMatchObject([{ status: 504, outcome: "failed", source: "estimated" }]);
});

test("the caller's own deadline", async () => {
  const response = await setup.post(ask(), { "x-tollgate-timeout-ms": "1000" });
  expect(response.status).toBe(504);
  expect(setup.provider.requests).toHaveLength(1);
});
