import { answer, raw } from "@tollgate/testkit/provider-behaviour";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ask, limit } from "../setup.ts";
import { type OpenAiSetup, openOpenAiSetup } from "./openai-setup.ts";

let setup: OpenAiSetup;

beforeEach(async () => {
  setup = await openOpenAiSetup({}, { cacheTtlSeconds: 60 });
});
afterEach(() => setup.close());

test.each([{}, { stream: true }, { stream: true, stream_options: { include_usage: true } }])(
  "an exact repeat gets the same answer, has the header hit and costs nothing: %j",
  async (given) => {
    const first = await setup.post(ask(given));
    const body = await first.text();
    const second = await setup.post(ask(given));
    expect(await second.text()).toBe(body.replace(/"cost_usd":[0-9.]+/, '"cost_usd":0'));
    expect([first, second].map((each) => each.headers.get("x-tollgate-cache"))).toEqual(["miss", "hit"]);
    expect(second.headers.get("x-tollgate-cost-usd")).toBe("0");
    if ("stream_options" in given) expect(body).toMatch(/"cost_usd":0\.\d/);
    expect(second.headers.get("content-type")).toBe(first.headers.get("content-type"));
    expect(setup.provider.requests).toHaveLength(1);
    expect(setup.events[1]).toMatchObject({ cache: "hit", costNano: "0", provider: "openai", attempts: [] });
  },
);

test("a different request is not a hit", async () => {
  await setup.post(ask());
  const other = await setup.post(ask({ temperature: 0.5 }));
  expect(other.headers.get("x-tollgate-cache")).toBe("miss");
});

test.each([
  ["no-store", "bypass", "miss"],
  ["refresh", "bypass", "hit"],
])("x-tollgate-cache: %s", async (asked, expected, then) => {
  const response = await setup.post(ask(), { "x-tollgate-cache": asked });
  await response.text();
  expect(response.headers.get("x-tollgate-cache")).toBe(expected);
  expect((await setup.post(ask())).headers.get("x-tollgate-cache")).toBe(then);
});

test("a model without a cache has the header off", async () => {
  setup.change({ models: setup.org.models.map((each) => ({ ...each, cacheTtlSeconds: 0 })) });
  expect((await setup.post(ask())).headers.get("x-tollgate-cache")).toBe("off");
});

test("policy is checked before the cache", async () => {
  await (await setup.post(ask())).text();
  setup.change({ deny: ["small"] });
  expect((await setup.post(ask())).status).toBe(403);
  setup.change({ deny: [], limits: [limit({ amount: 0n })] });
  expect((await setup.post(ask())).status).toBe(429);
});

const chunked = (delta: object, reason: string): string[] =>
  [
    { index: 0, delta },
    { index: 0, delta: {}, finish_reason: reason },
  ].map((choice) => `data: ${JSON.stringify({ choices: [choice] })}\n\n`);
const completion = (message: object, reason: string): string =>
  JSON.stringify({ choices: [{ index: 0, message, finish_reason: reason }] });

test.each([
  ["cut by a bound", { content: "Once upon" }, "length"],
  ["filtered", { content: "Once upon" }, "content_filter"],
  ["refused", { content: null, refusal: "I will not." }, "stop"],
  ["empty", { content: "" }, "stop"],
  ["ended for an unknown reason", { content: "Once upon" }, "abort"],
])("an answer that is %s is not kept", async (_name, message, reason) => {
  const json = { "content-type": "application/json" };
  setup.provider.scriptModel("gpt-4o-mini", raw([completion(message, reason)], json));
  for (const _ of [1, 2]) await (await setup.post(ask())).text();
  setup.provider.scriptModel("gpt-4o-mini", raw([...chunked(message, reason), "data: [DONE]\n\n"]));
  for (const _ of [1, 2]) await (await setup.post(ask({ stream: true }))).text();
  expect(setup.events.map(({ cache }) => cache)).toEqual(["miss", "miss", "miss", "miss"]);
  expect(setup.events.map(({ outcome }) => outcome)).toEqual(["complete", "complete", "complete", "complete"]);
});

test("an answer with a tool call is kept", async () => {
  setup.provider.script(answer({ toolCalls: [{ name: "now", arguments: {} }] }));
  for (const _ of [1, 2]) await (await setup.post(ask())).text();
  expect(setup.events.map(({ cache }) => cache)).toEqual(["miss", "hit"]);
});

test("an answer is kept if it ended by itself, although the budget limited its length", async () => {
  setup.change({ limits: [limit({ unit: "usd", window: "month", amount: 1_000_000n })] });
  const first = await setup.post(ask());
  await first.text();
  expect(first.headers.get("x-tollgate-max-tokens-clamped")).not.toBeNull();
  expect((await setup.post(ask())).headers.get("x-tollgate-cache")).toBe("hit");
});

test("a hit is served without budget", async () => {
  await (await setup.post(ask({ max_tokens: 100 }))).text();
  setup.change({ limits: [limit({ unit: "usd", amount: 0n })] });
  expect((await setup.post(ask({ max_tokens: 100 }))).status).toBe(200);
});

test("a body of more than 2 MiB is never served from the cache", async () => {
  await setup.close();
  setup = await openOpenAiSetup({ settings: { bodyBytesMax: 8_000_000 } }, { cacheTtlSeconds: 60 });
  for (let call = 0; call < 2; call++) {
    const response = await setup.post(ask({ metadata: { text: "x".repeat(2_500_000) } }));
    expect([response.status, response.headers.get("x-tollgate-cache")]).toEqual([200, "off"]);
  }
  expect(setup.provider.requests).toHaveLength(2);
});
