import { afterEach, beforeEach, expect, test } from "vitest";
import { ask, limit } from "../setup.ts";
import { type OpenAiSetup, openOpenAiSetup } from "./openai-setup.ts";

let setup: OpenAiSetup;

beforeEach(async () => {
  setup = await openOpenAiSetup();
});
afterEach(() => setup.close());

const own = (inputPerMillion: string, fromMs: number) => ({
  provider: "openai",
  upstreamModel: setup.org.models[0]?.targets[0]?.upstreamModel ?? "",
  fromMs,
  inputPerMillion,
  outputPerMillion: inputPerMillion,
  version: `own:${inputPerMillion}`,
});

test("a call has the organisation's own price from its start on", async () => {
  setup.change({ prices: [own("1000", Date.now() - 1_000), own("7", Date.now() + 3_600_000)] });
  await (await setup.post(ask({ max_tokens: 100 }))).text();
  const [event] = setup.events;
  const tokens = (event?.use.input ?? 0) + (event?.use.output ?? 0);
  expect(tokens).toBeGreaterThan(0);
  expect(event).toMatchObject({ priceVersion: "own:1000", pricing: "priced", costNano: String(tokens * 1_000_000) });
});

test("and its hold uses that price: a budget that fits the catalogue's price may not fit it", async () => {
  const budget = limit({ unit: "usd", window: "month", amount: 10_000_000n });
  setup.change({ limits: [budget] });
  expect((await setup.post(ask({ max_tokens: 100 }))).status).toBe(200);
  setup.change({ limits: [budget], prices: [own("1000", 0)] });
  expect((await setup.post(ask({ max_tokens: 100 }))).status).toBe(402);
});
