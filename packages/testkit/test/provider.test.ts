import { afterEach, beforeEach, expect, test } from "vitest";
import { type Provider, startProvider } from "../src/provider.ts";
import { answer, cutAfter, raw, reset, splintered, stall, status } from "../src/provider-behaviour.ts";

let provider: Provider;
beforeEach(async () => {
  provider = await startProvider();
});
afterEach(() => provider.close());

const ask = (path: string, body: object, init: RequestInit = {}) =>
  fetch(`${provider.url}${path}`, { method: "POST", body: JSON.stringify(body), ...init });
const chat = (more: object = {}) =>
  ask("/v1/chat/completions", { model: "gpt-4o-mini", messages: [{ role: "user", content: "hello there" }], ...more });

test("echoes a prompt and bills what it reports", async () => {
  const body = await (await chat()).json();
  expect(body.choices[0].message.content).toBe("You said: hello there");
  expect(body.usage).toMatchObject({ prompt_tokens: 3, completion_tokens: 6, total_tokens: 9 });
  expect(provider.billed()).toMatchObject([{ order: 1, model: "gpt-4o-mini", bills: { input: 3, output: 6 } }]);
});

test("records the bytes of a stream, with usage only when requested", async () => {
  provider.script(answer({ text: "one two three", usage: { input: 11, cacheRead: 4 } }), answer());
  const asked = await (await chat({ stream: true, stream_options: { include_usage: true } })).text();
  expect(asked).toBe(provider.requests[0]?.sent.toString());
  expect(asked).toContain('"prompt_tokens":11');
  expect(asked).toContain('"cached_tokens":4');
  expect(asked.endsWith("data: [DONE]\n\n")).toBe(true);
  expect(await (await chat({ stream: true })).text()).not.toContain("usage");
});

test("speaks Anthropic, tools included", async () => {
  provider.scriptModel("claude-x", answer({ toolCalls: [{ name: "look_up", arguments: { city: "Oslo" } }] }));
  const body = await (await ask("/v1/messages", { model: "claude-x", system: "Be kind", messages: [] })).json();
  expect(body).toMatchObject({ stop_reason: "tool_use", content: [{ type: "tool_use", input: { city: "Oslo" } }] });
  const stream = await (await ask("/v1/messages", { model: "claude-x", stream: true, messages: [] })).text();
  const events = [...stream.matchAll(/^event: (.*)$/gm)].map((match) => match[1]);
  expect(events.slice(0, 3)).toEqual(["message_start", "content_block_start", "ping"]);
  expect(events.slice(-3)).toEqual(["content_block_stop", "message_delta", "message_stop"]);
});

test("fails as scripted, in order, and charges nothing for it", async () => {
  provider.script(
    status(429, { headers: { "retry-after": "2" } }),
    reset(),
    raw(["<html>"], { "content-type": "text/html" }),
  );
  const limited = await chat();
  expect([limited.status, limited.headers.get("retry-after")]).toEqual([429, "2"]);
  await expect(chat()).rejects.toThrow();
  expect(await (await chat()).text()).toBe("<html>");
  expect(provider.billed()).toEqual([]);
});

test("ends a stream early without [DONE], or resets it after its first pieces", async () => {
  provider.script(cutAfter(2, "end"), cutAfter(2, "reset"));
  const cut = await (await chat({ stream: true })).text();
  expect(cut.match(/^data:/gm)).toHaveLength(2);
  await expect((await chat({ stream: true })).text()).rejects.toThrow();
});

test("notices a client that leaves a silent provider", async () => {
  provider.script(stall());
  const leaving = new AbortController();
  const call = ask("/v1/chat/completions", { model: "m", messages: [] }, { signal: leaving.signal });
  await expect.poll(() => provider.requests.length).toBe(1);
  leaving.abort();
  await expect(call).rejects.toThrow();
  await provider.requests[0]?.done;
  expect(provider.requests[0]?.clientLeft).toBe(true);
});

test("splits characters across writes without changing a byte", async () => {
  provider.script(splintered(1, answer({ text: "żółw 🐢" })));
  expect(await (await chat({ stream: true })).text()).toBe(provider.requests[0]?.sent.toString());
});

test("refuses connections until it listens again", async () => {
  await provider.refuse();
  await expect(chat()).rejects.toThrow();
  await provider.listen();
  expect((await chat()).status).toBe(200);
});
