import { answer, raw } from "@tollgate/testkit/provider-behaviour";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ask, limit } from "../house.ts";
import { type OpenAiHouse, openOpenAiHouse } from "./openai-house.ts";

let house: OpenAiHouse;

beforeEach(async () => {
  house = await openOpenAiHouse({}, { cacheTtlSeconds: 60 });
});
afterEach(() => house.close());

test.each([{}, { stream: true }, { stream: true, stream_options: { include_usage: true } }])(
  "an exact repeat is the same answer, says hit and costs nothing: %j",
  async (given) => {
    const first = await house.post(ask(given));
    const body = await first.text();
    const second = await house.post(ask(given));
    expect(await second.text()).toBe(body.replace(/"cost_usd":[0-9.]+/, '"cost_usd":0'));
    expect([first, second].map((each) => each.headers.get("x-tollgate-cache"))).toEqual(["miss", "hit"]);
    expect(second.headers.get("x-tollgate-cost-usd")).toBe("0");
    if ("stream_options" in given) expect(body).toMatch(/"cost_usd":0\.\d/);
    expect(second.headers.get("content-type")).toBe(first.headers.get("content-type"));
    expect(house.provider.requests).toHaveLength(1);
    expect(house.events[1]).toMatchObject({ cache: "hit", costNano: "0", provider: "openai", attempts: [] });
  },
);

test("a different request is not a repeat", async () => {
  await house.post(ask());
  const other = await house.post(ask({ temperature: 0.5 }));
  expect(other.headers.get("x-tollgate-cache")).toBe("miss");
});

test.each([
  ["no-store", "bypass", "miss"],
  ["refresh", "bypass", "hit"],
])("x-tollgate-cache: %s", async (asked, told, then) => {
  const response = await house.post(ask(), { "x-tollgate-cache": asked });
  await response.text();
  expect(response.headers.get("x-tollgate-cache")).toBe(told);
  expect((await house.post(ask())).headers.get("x-tollgate-cache")).toBe(then);
});

test("a model without a cache says off", async () => {
  house.change({ models: house.org.models.map((each) => ({ ...each, cacheTtlSeconds: 0 })) });
  expect((await house.post(ask())).headers.get("x-tollgate-cache")).toBe("off");
});

test("policy comes before the cache", async () => {
  await (await house.post(ask())).text();
  house.change({ deny: ["small"] });
  expect((await house.post(ask())).status).toBe(403);
  house.change({ deny: [], limits: [limit({ amount: 0n })] });
  expect((await house.post(ask())).status).toBe(429);
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
  ["ended for a reason nobody knows", { content: "Once upon" }, "abort"],
])("an answer that is %s is not kept", async (_name, message, reason) => {
  const json = { "content-type": "application/json" };
  house.provider.scriptModel("gpt-4o-mini", raw([completion(message, reason)], json));
  for (const _ of [1, 2]) await (await house.post(ask())).text();
  house.provider.scriptModel("gpt-4o-mini", raw([...chunked(message, reason), "data: [DONE]\n\n"]));
  for (const _ of [1, 2]) await (await house.post(ask({ stream: true }))).text();
  expect(house.events.map(({ cache }) => cache)).toEqual(["miss", "miss", "miss", "miss"]);
  expect(house.events.map(({ outcome }) => outcome)).toEqual(["complete", "complete", "complete", "complete"]);
});

test("a call of a tool is kept", async () => {
  house.provider.script(answer({ toolCalls: [{ name: "now", arguments: {} }] }));
  for (const _ of [1, 2]) await (await house.post(ask())).text();
  expect(house.events.map(({ cache }) => cache)).toEqual(["miss", "hit"]);
});

test("an answer is kept that needed no bound of its caller's, although the budget bounds it", async () => {
  house.change({ limits: [limit({ unit: "usd", window: "month", amount: 1_000_000n })] });
  const first = await house.post(ask());
  await first.text();
  expect(first.headers.get("x-tollgate-max-tokens-clamped")).not.toBeNull();
  expect((await house.post(ask())).headers.get("x-tollgate-cache")).toBe("hit");
});

test("a hit needs no budget", async () => {
  await (await house.post(ask({ max_tokens: 100 }))).text();
  house.change({ limits: [limit({ unit: "usd", amount: 0n })] });
  expect((await house.post(ask({ max_tokens: 100 }))).status).toBe(200);
});

test("a body of more than 2 MiB is answered anew each time", async () => {
  await house.close();
  house = await openOpenAiHouse({ settings: { bodyBytesMax: 8_000_000 } }, { cacheTtlSeconds: 60 });
  for (let call = 0; call < 2; call++) {
    const response = await house.post(ask({ metadata: { text: "x".repeat(2_500_000) } }));
    expect([response.status, response.headers.get("x-tollgate-cache")]).toEqual([200, "off"]);
  }
  expect(house.provider.requests).toHaveLength(2);
});
