import { type Provider, startProvider } from "@tollgate/testkit/provider";
import { answer, slow, stall, status } from "@tollgate/testkit/provider-behaviour";
import { waitFor } from "@tollgate/testkit/wait-for";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ask, credential, limit, model, openSetup, type Setup, target } from "../setup.ts";

let provider: Provider;
let setup: Setup;

beforeEach(async () => {
  provider = await startProvider();
  const main = credential(`${provider.url}/v1`);
  const claude = credential(`${provider.url}/v1`, { provider: "anthropic" });
  const usd = limit({ unit: "usd", window: "month", amount: 10n ** 9n });
  const models = [
    model([target(main.id)]),
    model([target(claude.id, { upstreamModel: "claude-sonnet-4-6" })], { name: "claude" }),
  ];
  setup = await openSetup({ org: { credentials: [main, claude], models, limits: [usd] } });
});
afterEach(async () => {
  await setup.close();
  await provider.close();
});

/** Sends a call, and leaves when `isAsked`. */
const leave = async (body: object, isAsked: () => unknown): Promise<void> => {
  const leaving = new AbortController();
  const response = fetch(`${setup.url}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${setup.key}`, "content-type": "application/json" },
    body: JSON.stringify(body),
    signal: leaving.signal,
  }).catch(() => {});
  await waitFor(isAsked);
  leaving.abort();
  await response;
};

const prompt = { messages: [{ role: "user", content: "word ".repeat(400) }] };

test.each([
  ["small", false],
  ["small", true],
  ["claude", false],
  ["claude", true],
])("a client that leaves before the answer to %s (stream: %s) pays for the prompt", async (name, stream) => {
  provider.script(stall());
  await leave(ask({ ...prompt, model: name, stream }), () => provider.requests[0]);
  const event = await waitFor(() => setup.events[0]);
  expect(event).toMatchObject({ status: 499, outcome: "client_left", source: "estimated", pricing: "priced" });
  expect(event.use.input).toBeGreaterThan(400);
  expect(BigInt(event.costNano ?? 0)).toBeGreaterThan(0n);
  expect(event.priceVersion).toMatch(/^genai-prices/);
  await provider.requests[0]?.done;
  expect(provider.requests[0]?.clientLeft).toBe(true);
});

test("a client that leaves before a connection was made pays nothing", async () => {
  setup.ports.upstreams.for = () => ({
    send: () => ({ isSent: false, resume: () => {}, abort: () => {} }),
    inflow: () => {
      throw new Error("nothing arrives");
    },
  });
  await leave(ask(prompt), () => setup.dispatched[0]);
  const event = await waitFor(() => setup.events[0]);
  expect(event).toMatchObject({ status: 499, outcome: "client_left", source: "none", costNano: "0" });
});

test.each([true, false])(
  "an answer that is read to its end after the client left (stream: %s) costs the reported usage",
  async (stream) => {
    Object.assign(setup.ports.settings, { leftDrainMs: 5_000 });
    provider.script(slow(30, answer({ text: "one two three four", usage: { input: 11, cacheRead: 0, output: 7 } })));
    await leave(ask({ ...prompt, stream }), () => provider.requests[0]);
    const event = await waitFor(() => setup.events[0]);
    expect(event).toMatchObject({
      status: 499,
      outcome: "client_left",
      source: "provider",
      use: { input: 11, output: 7 },
    });
    expect(provider.requests[0]?.clientLeft).toBe(false);
  },
);

test("but is not read for longer than the setting allows", async () => {
  Object.assign(setup.ports.settings, { leftDrainMs: 50 });
  provider.script(stall());
  await leave(ask({ ...prompt, stream: true }), () => provider.requests[0]);
  const event = await waitFor(() => setup.events[0]);
  expect(event).toMatchObject({ status: 499, outcome: "client_left", source: "estimated" });
  await provider.requests[0]?.done;
  expect(provider.requests[0]?.clientLeft).toBe(true);
});

test("a call is not retried after the client left", async () => {
  Object.assign(setup.ports.settings, { leftDrainMs: 5_000 });
  provider.script(slow(30, status(500)));
  await leave(ask(prompt), () => provider.requests[0]);
  await waitFor(() => setup.events[0]);
  expect(provider.requests).toHaveLength(1);
});
