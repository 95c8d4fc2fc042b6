import { createMemoryStore } from "@tollgate/limits/memory-store";
import { answer, raw } from "@tollgate/testkit/provider-behaviour";
import { waitFor } from "@tollgate/testkit/wait-for";
import { afterEach, describe, expect, test } from "vitest";
import type { Upstream } from "../../src/upstream.ts";
import { ask, limit, model, type SetupOptions, target } from "../setup.ts";
import { type OpenAiSetup, openOpenAiSetup } from "./openai-setup.ts";

// Work that a provider may charge for although the received part of its answer does not show it.

let setup: OpenAiSetup;
afterEach(() => setup.close());

const budget = limit({ unit: "usd", window: "month", amount: 10n ** 10n });
const open = async (options: SetupOptions = {}): Promise<void> => {
  setup = await openOpenAiSetup(options);
};

describe("under a blocking budget", () => {
  test("an answer in one piece whose client leaves after its first byte counts as held", async () => {
    await open({ org: { limits: [budget] } });
    let hasBegun = false;
    const begins: Upstream = {
      send(_request, listener) {
        listener.onHead(200, { "content-type": "application/json" });
        listener.onData(Buffer.from(" "));
        hasBegun = true;
        return { isSent: true, resume: () => {}, abort: () => {} };
      },
      inflow: () => {
        throw new Error("nothing is compressed");
      },
    };
    setup.ports.upstreams.for = () => begins;
    const leaving = new AbortController();
    const response = fetch(`${setup.url}/v1/chat/completions`, {
      method: "POST",
      headers: { authorization: `Bearer ${setup.key}`, "content-type": "application/json" },
      body: JSON.stringify(ask({ max_tokens: 900 })),
      signal: leaving.signal,
    }).catch(() => {});
    await waitFor(() => hasBegun);
    leaving.abort();
    await response;
    const event = await waitFor(() => setup.events[0]);
    expect(event).toMatchObject({ outcome: "client_left", use: { output: 900 } });
    expect(event.countedNano).toBe(event.heldNano);
  });

  test("a stream that reports usage in every chunk counts as held if it breaks off", async () => {
    await open({ org: { limits: [budget] } });
    setup.provider.scriptModel("gpt-4o-mini", raw([chunk("hello", { prompt_tokens: 7, completion_tokens: 0 })]));
    await (await setup.post(ask({ stream: true, max_tokens: 900 }))).text();
    expect(setup.events).toMatchObject([{ outcome: "failed", source: "estimated", use: { input: 7, output: 900 } }]);
  });

  test.each([
    { type: "file", file: { file_data: `data:application/pdf;base64,JVBERi0=` } },
    { type: "image_url", image_url: { url: "data:application/pdf;base64,JVBERi0=" } },
    { type: "video_url", video_url: { url: "https://films.example/long.mp4" } },
  ])("a document is held for as all that its model can read: %j", async (part) => {
    await open({ org: { limits: [budget] } });
    const usage = { input: 120_000, output: 3, cacheRead: 0, cacheWrite: 0, reasoning: 0 };
    setup.provider.script(answer({ text: "long", usage }));
    const content = [{ type: "text", text: "Sum it up" }, part];
    expect((await setup.post(ask({ max_tokens: 10, messages: [{ role: "user", content }] }))).status).toBe(200);
    const [event] = setup.events;
    expect(event?.use.input).toBe(120_000);
    expect(BigInt(event?.costNano ?? 0)).toBeLessThanOrEqual(BigInt(event?.heldNano ?? 0));
    expect(event?.flags).toEqual([]);
  });

  test("the hold of a text that is sent as a file depends on its size", async () => {
    await open({ org: { limits: [budget] } });
    const file = { file_data: "data:text/plain;base64,aGVsbG8=" };
    const content = [{ type: "file", file }];
    await (await setup.post(ask({ max_tokens: 10, messages: [{ role: "user", content }] }))).text();
    expect(BigInt(setup.events[0]?.heldNano ?? 0)).toBeLessThan(1_000_000n);
  });

  test.each(["scale", "Scale", 1])("a service tier of unknown price is refused: %j", async (tier) => {
    await open({ org: { limits: [budget] } });
    const response = await setup.post(ask({ service_tier: tier }));
    expect([response.status, await response.json()]).toMatchObject([
      400,
      { error: { code: "model_not_priced", param: "service_tier" } },
    ]);
    expect(setup.provider.requests).toHaveLength(0);
  });

  test("a service tier that costs no more than the price is served", async () => {
    await open({ org: { limits: [budget] } });
    expect((await setup.post(ask({ service_tier: "flex" }))).status).toBe(200);
  });

  test("a model of unknown maximum is held at an assumed one if limits cannot be read, and gets no bound from us", async () => {
    const limits = createMemoryStore({ now: Date.now });
    const prices = [{ provider: "openai", upstreamModel: "own", inputPerMillion: "1", outputPerMillion: "1" }];
    await open({ org: { limits: [budget] } });
    const [main] = setup.org.credentials;
    setup.change({
      models: [model([target(main?.id ?? "", { upstreamModel: "own" })])],
      prices: prices.map((price) => ({ ...price, version: "own:1", fromMs: 0 })),
    });
    setup.ports.limits = limits;
    limits.read = () => {
      throw new Error("no answer");
    };
    const response = await setup.post(ask());
    expect(response.status).toBe(200);
    expect(response.headers.get("x-tollgate-max-tokens-clamped")).toBeNull();
    expect(BigInt(setup.events[0]?.heldNano ?? 0)).toBeGreaterThan(131_072n * 1_000n);
  });
});

const chunk = (content: string, usage: object): string =>
  `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content } }], usage })}\n\n`;

test("a stream that reports usage only in its first chunk and breaks off costs the received text", async () => {
  await open();
  const first = chunk("word", { prompt_tokens: 7, completion_tokens: 0 });
  const rest = `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content: "word ".repeat(80) } }] })}\n\n`;
  setup.provider.scriptModel("gpt-4o-mini", raw([first, rest]));
  await (await setup.post(ask({ stream: true }))).text();
  expect(setup.events).toMatchObject([{ outcome: "failed", source: "estimated", use: { input: 7, output: 101 } }]);
});

test("a call whose process dies counts its held tokens", async () => {
  await open({ org: { limits: [limit({ unit: "tokens", window: "day", amount: 1_000_000n })] } });
  await (await setup.post(ask({ max_tokens: 900 }))).text();
  const { use } = setup.dispatched[0]?.event ?? {};
  expect(use?.output).toBe(900);
});
