import { stall, status } from "@tollgate/testkit/provider-behaviour";
import { waitFor } from "@tollgate/testkit/wait-for";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ask, limit } from "../setup.ts";
import { type OpenAiSetup, openOpenAiSetup } from "./openai-setup.ts";

let setup: OpenAiSetup;

beforeEach(async () => {
  setup = await openOpenAiSetup();
});
afterEach(() => setup.close());

test("too many requests; before that, headers show the remaining ones", async () => {
  setup.change({ limits: [limit({ amount: 2n, window: "hour" })] });
  const first = await setup.post(ask());
  expect(first.headers.get("x-ratelimit-limit-requests")).toBe("2");
  expect(first.headers.get("x-ratelimit-remaining-requests")).toBe("1");
  expect((await setup.post(ask())).status).toBe(200);
  const third = await setup.post(ask());
  expect(third.status).toBe(429);
  expect(Number(third.headers.get("retry-after"))).toBeGreaterThan(0);
  expect(third.headers.get("x-ratelimit-remaining-requests")).toBe("0");
  expect(await third.json()).toMatchObject({ error: { code: "rate_limit_exceeded", window: "hour" } });
});

test("too many tokens", async () => {
  setup.change({ limits: [limit({ unit: "tokens", amount: 200n, window: "minute" })] });
  const response = await setup.post(ask({ max_tokens: 500 }));
  expect(response.status).toBe(429);
  expect(response.headers.get("x-ratelimit-limit-tokens")).toBe("200");
});

test("too many concurrent calls; allowed again when one has ended", async () => {
  setup.change({ limits: [limit({ unit: "concurrent", amount: 1n, window: "total" })] });
  setup.provider.script(stall());
  const leaving = new AbortController();
  const first = fetch(`${setup.url}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${setup.key}`, "content-type": "application/json" },
    body: JSON.stringify(ask()),
    signal: leaving.signal,
  }).catch(() => undefined);
  await waitFor(() => setup.provider.requests.length === 1);
  const second = await setup.post(ask());
  expect(second.status).toBe(429);
  expect(second.headers.get("retry-after")).toBe("1");
  leaving.abort();
  await first;
  await waitFor(async () => (await setup.post(ask())).status === 200);
});

test("a limit of another subject does not apply", async () => {
  setup.change({ limits: [limit({ scope: "key", subject: "another", amount: 0n })] });
  expect((await setup.post(ask())).status).toBe(200);
});

test("a provider's 429 keeps its message and its delay", async () => {
  setup.provider.scriptModel("gpt-4o-mini", status(429, { message: "Slow down", headers: { "retry-after": "40" } }));
  const response = await setup.post(ask());
  expect(response.status).toBe(429);
  expect(response.headers.get("retry-after")).toBe("40");
  expect(await response.json()).toMatchObject({ error: { code: "rate_limit_exceeded", message: "Slow down" } });
  expect(setup.provider.requests).toHaveLength(1);
});
