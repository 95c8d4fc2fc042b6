import { stall } from "@tollgate/testkit/provider-behaviour";
import { waitFor } from "@tollgate/testkit/wait-for";
import { afterEach, expect, test } from "vitest";
import { ask } from "../setup.ts";
import { type OpenAiSetup, openOpenAiSetup } from "./openai-setup.ts";

let setup: OpenAiSetup;

async function open(headerTimeoutMs: number): Promise<void> {
  setup = await openOpenAiSetup({ headerTimeoutMs });
  setup.provider.scriptModel("gpt-4o-mini", stall());
}
afterEach(() => setup.close());

test("a provider that sends nothing", async () => {
  await open(150);
  const response = await setup.post(ask());
  expect(response.status).toBe(504);
  expect(await response.json()).toMatchObject({ error: { code: "upstream_timeout" } });
  await waitFor(() => setup.provider.requests.every((seen) => seen.clientLeft));
  expect(setup.events).toMatchObject([{ status: 504, outcome: "failed", source: "estimated" }]);
});

test("the caller's own deadline", async () => {
  await open(60_000);
  const response = await setup.post(ask(), { "x-tollgate-timeout-ms": "3000" });
  expect(response.status).toBe(504);
  expect(setup.provider.requests).toHaveLength(1);
});
