import { stall, status } from "@tollgate/testkit/provider-behaviour";
import { waitFor } from "@tollgate/testkit/wait-for";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ask, limit } from "../house.ts";
import { type OpenAiHouse, openOpenAiHouse } from "./openai-house.ts";

let house: OpenAiHouse;

beforeEach(async () => {
  house = await openOpenAiHouse();
});
afterEach(() => house.close());

test("too many requests, and what is left of them before that", async () => {
  house.change({ limits: [limit({ amount: 2n, window: "hour" })] });
  const first = await house.post(ask());
  expect(first.headers.get("x-ratelimit-limit-requests")).toBe("2");
  expect(first.headers.get("x-ratelimit-remaining-requests")).toBe("1");
  expect((await house.post(ask())).status).toBe(200);
  const third = await house.post(ask());
  expect(third.status).toBe(429);
  expect(Number(third.headers.get("retry-after"))).toBeGreaterThan(0);
  expect(third.headers.get("x-ratelimit-remaining-requests")).toBe("0");
  expect(await third.json()).toMatchObject({ error: { code: "rate_limit_exceeded", window: "hour" } });
});

test("too many tokens", async () => {
  house.change({ limits: [limit({ unit: "tokens", amount: 200n, window: "minute" })] });
  const response = await house.post(ask({ max_tokens: 500 }));
  expect(response.status).toBe(429);
  expect(response.headers.get("x-ratelimit-limit-tokens")).toBe("200");
});

test("too many at once, and again when one has ended", async () => {
  house.change({ limits: [limit({ unit: "concurrent", amount: 1n, window: "total" })] });
  house.provider.script(stall());
  const leaving = new AbortController();
  const first = fetch(`${house.url}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${house.key}`, "content-type": "application/json" },
    body: JSON.stringify(ask()),
    signal: leaving.signal,
  }).catch(() => undefined);
  await waitFor(() => house.provider.requests.length === 1);
  const second = await house.post(ask());
  expect(second.status).toBe(429);
  expect(second.headers.get("retry-after")).toBe("1");
  leaving.abort();
  await first;
  await waitFor(async () => (await house.post(ask())).status === 200);
});

test("a limit of somebody else's does not apply", async () => {
  house.change({ limits: [limit({ scope: "key", subject: "another", amount: 0n })] });
  expect((await house.post(ask())).status).toBe(200);
});

test("a provider's own 429 keeps its words and its pause", async () => {
  house.provider.scriptModel("gpt-4o-mini", status(429, { message: "Slow down", headers: { "retry-after": "40" } }));
  const response = await house.post(ask());
  expect(response.status).toBe(429);
  expect(response.headers.get("retry-after")).toBe("40");
  expect(await response.json()).toMatchObject({ error: { code: "rate_limit_exceeded", message: "Slow down" } });
  expect(house.provider.requests).toHaveLength(1);
});
