import { gzipSync } from "node:zlib";
import { answer, raw, splintered } from "@tollgate/testkit/provider-behaviour";
import { waitFor } from "@tollgate/testkit/wait-for";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ask } from "../setup.ts";
import { type OpenAiSetup, openOpenAiSetup } from "./openai-setup.ts";

const MIB = 1024 * 1024;
let setup: OpenAiSetup;

beforeAll(async () => {
  setup = await openOpenAiSetup({ settings: { bodiesBytesMax: 12 * MIB } });
});
afterAll(() => setup.close());

const whole = (bytes: number): string =>
  `{"choices":[{"index":0,"message":{"content":"${"a".repeat(bytes)}"},"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":4}}`;
const JSON_TYPE = { "content-type": "application/json" };
const packed = (bytes: number) => raw([gzipSync(whole(bytes))], { ...JSON_TYPE, "content-encoding": "gzip" });

test("an answer that unpacks to more than the memory of all bodies is refused, and asked for only once", async () => {
  setup.provider.script(packed(16 * MIB));
  const before = setup.provider.requests.length;
  const response = await setup.post(ask());
  expect(response.status).toBe(503);
  expect(await response.json()).toMatchObject({ error: { code: "overloaded" } });
  expect(setup.provider.requests.length).toBe(before + 1);
  expect(setup.events.at(-1)).toMatchObject({ outcome: "failed", error: "overloaded" });
});

test("so is one that arrives without compression", async () => {
  setup.provider.script(raw([whole(16 * MIB)], JSON_TYPE));
  expect((await setup.post(ask())).status).toBe(503);
});

test("the memory of an answer is free again when the client has it, or has left", async () => {
  for (let round = 0; round < 4; round++) {
    setup.provider.script(packed(4 * MIB));
    const response = await setup.post(ask());
    expect(response.status).toBe(200);
    expect((await response.text()).length).toBeGreaterThan(4 * MIB);
  }
  for (let round = 0; round < 4; round++) {
    setup.provider.script(packed(4 * MIB));
    const leaving = new AbortController();
    const events = setup.events.length;
    const response = await fetch(`${setup.url}/v1/chat/completions`, {
      method: "POST",
      headers: { authorization: `Bearer ${setup.key}`, "content-type": "application/json" },
      body: JSON.stringify(ask()),
      signal: leaving.signal,
    });
    leaving.abort();
    expect(response.status).toBe(200);
    await waitFor(() => setup.events[events]);
  }
});

test("an answer whose bytes arrive one by one is one answer", async () => {
  const text = "word ".repeat(2_000);
  setup.provider.script(splintered(1, answer({ text })));
  const response = await setup.post(ask());
  expect(await response.json()).toMatchObject({ choices: [{ message: { content: text } }] });
});
