import { answer } from "@tollgate/testkit/provider-behaviour";
import { afterEach, describe, expect, test } from "vitest";
import { limit } from "../setup.ts";
import { openPriced, type PricedSetup } from "./priced-setup.ts";

let setup: PricedSetup;
afterEach(() => setup.close());

const budget = (amount: bigint) => limit({ unit: "usd", window: "month", amount });
const usage = { input: 20, output: 10, cacheRead: 0, cacheWrite: 0, reasoning: 0 };
const FIELDS = ["max_tokens", "max_completion_tokens", "max_output_tokens", "maxOutputTokens"];

/** The output limit that a request of the provider has; null: none. */
function sentBound(order: number): number | null {
  const sent = JSON.parse(setup.provider.requests[order - 1]?.body.toString() ?? "{}") as Record<string, unknown>;
  const fields = { ...sent, ...(sent.generationConfig as object | undefined) } as Record<string, unknown>;
  const name = FIELDS.find((each) => fields[each] !== undefined);
  return name === undefined ? null : Number(fields[name]);
}

const shown = (response: Response): number | null => {
  const header = response.headers.get("x-tollgate-max-tokens-clamped");
  return header === null ? null : Number(header);
};

describe.each([
  ["chat", "openai", "gpt-5"],
  ["responses", "openai", "gpt-5"],
  ["google", "google", "gemini-2.5-pro"],
  ["google", "openai", "gpt-5"],
])("%s to %s %s without an output limit of its own", (surface, provider, model) => {
  test("has none from us while the budget pays the model's maximum, which is held", async () => {
    setup = await openPriced(surface, provider, model);
    setup.change({ limits: [budget(1_000_000_000_000n)] });
    setup.provider.script(answer({ text: "Hi", usage }));
    const response = await setup.call(0);
    expect([response.status, shown(response), sentBound(1)]).toEqual([200, null, null]);
    // At least 65,536 tokens at ten dollars a million.
    expect(BigInt(setup.events[0]?.heldNano ?? 0)).toBeGreaterThan(655_360_000n);
  });

  test("gets what the rest of the budget pays when that is less, and the client is told", async () => {
    setup = await openPriced(surface, provider, model);
    setup.change({ limits: [budget(100_000_000n)] });
    setup.provider.script(answer({ text: "Hi", usage }));
    const response = await setup.call(0);
    expect(response.status).toBe(200);
    expect(shown(response)).toBe(sentBound(1));
    expect(shown(response)).toBeGreaterThanOrEqual(16);
    expect(shown(response)).toBeLessThan(10_000);
    expect(BigInt(setup.events[0]?.heldNano ?? 0)).toBeLessThanOrEqual(100_000_000n);
  });
});

const OWN = { provider: "vllm", upstreamModel: "own", inputPerMillion: "1", outputPerMillion: "1" };
const prices = [{ ...OWN, fromMs: 0, version: "own:1" }];

test("a self-hosted model of unknown maximum gets no limit that it may refuse, and 131,072 tokens are held", async () => {
  setup = await openPriced("chat", "vllm", "own");
  setup.change({ limits: [budget(1_000_000_000n)], prices });
  setup.provider.script(answer({ text: "Hi", usage }));
  const response = await setup.call(0);
  expect([response.status, shown(response), sentBound(1)]).toEqual([200, null, null]);
  expect(BigInt(setup.events[0]?.heldNano ?? 0)).toBeGreaterThanOrEqual(131_072_000n);
});

test("a call that takes the rest of a budget gives it back: none is overspent, and the next one is served", async () => {
  setup = await openPriced("chat", "openai", "gpt-5");
  setup.change({ limits: [budget(100_000_000n)] });
  setup.provider.script(...Array.from({ length: 12 }, () => answer({ text: "Hi", usage })));
  const together = await Promise.all(Array.from({ length: 10 }, () => setup.call(0)));
  await Promise.all(together.map((each) => each.text()));
  const statuses = together.map(({ status }) => status);
  expect(statuses).toContain(200);
  expect(new Set(statuses).isSubsetOf(new Set([200, 402]))).toBe(true);
  const later = await setup.call(0);
  expect([later.status, shown(later) !== null]).toEqual([200, true]);
  await later.text();
  const spent = setup.events.reduce((sum, { costNano }) => sum + BigInt(costNano ?? 0), 0n);
  expect(spent).toBeLessThanOrEqual(100_000_000n);
  const me = (await (await setup.get("/v1/me")).json()) as { limits: { held: string }[] };
  expect(me.limits[0]?.held).toBe("0");
});

test("a budget that pays less than 16 tokens refuses the call", async () => {
  setup = await openPriced("chat", "openai", "gpt-5");
  setup.change({ limits: [budget(100_000n)] });
  expect((await setup.call(0)).status).toBe(402);
  expect(setup.provider.requests).toHaveLength(0);
});

test("a limit in tokens shortens the answer only if it has no room for the model's maximum", async () => {
  setup = await openPriced("chat", "openai", "gpt-4o-mini");
  const tokens = (amount: bigint) => limit({ unit: "tokens", window: "minute", amount });
  setup.provider.script(answer({ text: "Hi", usage }), answer({ text: "Hi", usage }));
  setup.change({ limits: [tokens(20_000n)] });
  expect(shown(await setup.call(0))).toBeNull();
  setup.change({ limits: [tokens(10_000n)] });
  expect(shown(await setup.call(0))).toBeLessThan(10_000);
  expect(sentBound(1)).toBeNull();
});

const NULL_BOUNDS = [
  { max_tokens: null },
  { max_completion_tokens: null },
  { max_tokens: null, max_completion_tokens: null },
];

/** Every value of the output limit in the bytes that a provider got; of a repeated field it may take any. */
const sentBounds = (order: number): unknown[] =>
  [...(setup.provider.requests[order - 1]?.body.toString() ?? "").matchAll(/"max_(?:completion_)?tokens":(\w+)/g)].map(
    ([, value]) => value,
  );

test.each([
  ["openai", "gpt-5", { max_tokens: 16, max_completion_tokens: null }],
  ["openai", "gpt-5", { max_completion_tokens: null, max_tokens: 16 }],
  ["mistral", "mistral-large-latest", { max_completion_tokens: 16, max_tokens: null }],
])("at %s %s an output limit of null does not take the place of one", async (provider, model, given) => {
  setup = await openPriced("chat", provider, model);
  setup.provider.script(answer({ text: "Hi", usage }));
  expect((await setup.call(0, given)).status).toBe(200);
  expect(sentBounds(1)).toEqual(["16"]);
});

test.each(
  NULL_BOUNDS.flatMap((given) => [
    ["openai", "gpt-5", given] as const,
    ["mistral", "mistral-large-latest", given] as const,
  ]),
)("at %s %s our output limit is the only one if the request has %j", async (provider, model, given) => {
  setup = await openPriced("chat", provider, model);
  setup.change({ limits: [budget(100_000_000n)] });
  setup.provider.script(answer({ text: "Hi", usage }));
  const response = await setup.call(0, given);
  expect(response.status).toBe(200);
  expect(sentBounds(1).filter((value) => value !== "null")).toEqual([String(shown(response))]);
  expect(sentBounds(1).at(-1)).not.toBe("null");
});
