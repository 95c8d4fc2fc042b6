import { afterEach, beforeEach, expect, test } from "vitest";
import { ask, limit, model, target } from "../setup.ts";
import { type OpenAiSetup, openOpenAiSetup } from "./openai-setup.ts";

// The hold covers every unit that a call may use at its price; otherwise the call is refused under a budget.

let setup: OpenAiSetup;
beforeEach(async () => {
  setup = await openOpenAiSetup({ org: { limits: [limit({ unit: "usd", window: "month", amount: 10n ** 12n })] } });
});
afterEach(() => setup.close());

/** The hold of a call to a model with these prices, in dollars per million tokens or per thousand. */
async function held(given: object, prices: { cacheWritePerMillion?: string; units?: Record<string, string> } = {}) {
  const [main] = setup.org.credentials;
  setup.change({
    models: [model([target(main?.id ?? "", { upstreamModel: "own" })])],
    prices: [
      {
        ...{ provider: "openai", upstreamModel: "own", inputPerMillion: "1", outputPerMillion: "1", ...prices },
        ...{ version: "own:1", fromMs: 0 },
      },
    ],
  });
  const response = await setup.post(ask({ max_tokens: 1_000, ...given }));
  expect(response.status).toBe(200);
  return Number(setup.events.at(-1)?.heldNano);
}

const parts = (...content: object[]) => ({ messages: [{ role: "user", content }] });
const audio = parts({ type: "input_audio", input_audio: { data: "AAAA", format: "wav" } });
const image = parts({ type: "image_url", image_url: { url: "https://pictures.example/a.png" } });

test.each([
  ["cache writes", {}, { cacheWritePerMillion: "500" }],
  ["reasoning", {}, { units: { reasoning: "500" } }],
  ["audio that is sent", audio, { units: { audioInput: "500" } }],
  ["audio that is asked for", { modalities: ["text", "audio"] }, { units: { audioOutput: "500" } }],
  ["images that are sent", image, { units: { imageInput: "500" } }],
  ["images that a model makes unasked", {}, { units: { imageOutput: "500" } }],
  ["searches", { web_search_options: {} }, { units: { searches: "500" } }],
  ["searches by a tool of the provider", { tools: [{ type: "web_search" }] }, { units: { searches: "500" } }],
])("a hold has %s at their own price", async (_what, given, prices) => {
  expect(await held(given, prices)).toBeGreaterThan(5 * (await held(given)));
});

test.each([
  ["audio", {}, { units: { audioInput: "500", audioOutput: "500" } }],
  ["images sent", {}, { units: { imageInput: "500" } }],
  ["searches", {}, { units: { searches: "500" } }],
])("a call that cannot use %s holds nothing for them", async (_what, given, prices) => {
  expect(await held(given, prices)).toBe(await held(given));
});

const SEARCHING = { web_search_options: {} };
const useModel = (...names: string[]): void => {
  const [main] = setup.org.credentials;
  setup.change({ models: [model(names.map((upstreamModel) => target(main?.id ?? "", { upstreamModel })))] });
};

test("a call that may search is refused under a budget if the price of searches is unknown", async () => {
  useModel("gpt-4-turbo");
  const refused = await setup.post(ask(SEARCHING));
  expect([refused.status, await refused.json()]).toMatchObject([400, { error: { code: "model_not_priced" } }]);
  expect(setup.events.at(-1)?.errorMessage).toContain("the price of searches at small is unknown");
  expect(setup.provider.requests).toHaveLength(0);
  expect((await setup.post(ask())).status).toBe(200);
});

test("it uses a target with a known price, or any target without a budget", async () => {
  useModel("gpt-4-turbo", "gpt-4o");
  expect((await setup.post(ask(SEARCHING))).headers.get("x-tollgate-model")).toBe("gpt-4o");
  setup.change({ limits: [] });
  expect((await setup.post(ask(SEARCHING))).headers.get("x-tollgate-model")).toBe("gpt-4-turbo");
  expect(setup.events.at(-1)?.heldNano).toBeNull();
});

test("it is served if the organisation's own price has free searches", async () => {
  const same = { metadata: { searches: "no" } };
  expect(JSON.stringify(same)).toHaveLength(JSON.stringify(SEARCHING).length + 5);
  expect(await held(SEARCHING)).toBe((await held(same)) - 5_000);
});
