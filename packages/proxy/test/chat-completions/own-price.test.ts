import { afterEach, beforeEach, expect, test } from "vitest";
import { ask, limit } from "../house.ts";
import { type OpenAiHouse, openOpenAiHouse } from "./openai-house.ts";

let house: OpenAiHouse;

beforeEach(async () => {
  house = await openOpenAiHouse();
});
afterEach(() => house.close());

const own = (inputPerMillion: string, fromMs: number) => ({
  provider: "openai",
  upstreamModel: house.org.models[0]?.targets[0]?.upstreamModel ?? "",
  fromMs,
  inputPerMillion,
  outputPerMillion: inputPerMillion,
  version: `own:${inputPerMillion}`,
});

test("a call costs what the organisation itself says, once that has begun", async () => {
  house.change({ prices: [own("1000", Date.now() - 1_000), own("7", Date.now() + 3_600_000)] });
  await (await house.post(ask({ max_tokens: 100 }))).text();
  const [event] = house.events;
  const tokens = (event?.use.input ?? 0) + (event?.use.output ?? 0);
  expect(tokens).toBeGreaterThan(0);
  expect(event).toMatchObject({ priceVersion: "own:1000", pricing: "priced", costNano: String(tokens * 1_000_000) });
});

test("and is held for at that price: a budget that fits the catalogue's may not fit it", async () => {
  const budget = limit({ unit: "usd", window: "month", amount: 10_000_000n });
  house.change({ limits: [budget] });
  expect((await house.post(ask({ max_tokens: 100 }))).status).toBe(200);
  house.change({ limits: [budget], prices: [own("1000", 0)] });
  expect((await house.post(ask({ max_tokens: 100 }))).status).toBe(402);
});
