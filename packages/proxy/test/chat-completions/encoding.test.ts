import { brotliCompressSync, gzipSync, zstdCompressSync } from "node:zlib";
import { raw } from "@tollgate/testkit/provider-behaviour";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openBreaker } from "../../src/routing/breaker.ts";
import { ask } from "../setup.ts";
import { type OpenAiSetup, openOpenAiSetup } from "./openai-setup.ts";

let setup: OpenAiSetup;

beforeAll(async () => {
  const health = openBreaker({ failuresMin: 100, restMs: 1 });
  setup = await openOpenAiSetup({ ports: { health } });
});
afterAll(() => setup.close());

const usage = { prompt_tokens: 3, completion_tokens: 4 };
const whole = JSON.stringify({ choices: [{ message: { content: "x" } }], usage });
const stream = `data: {"choices":[{"delta":{"content":"x"},"finish_reason":"stop"}]}\n\ndata: ${JSON.stringify({ choices: [], usage })}\n\ndata: [DONE]\n\n`;
const heads = (encoding: string, type: string) => ({ "content-type": type, "content-encoding": encoding });
const halves = (bytes: Buffer): Buffer[] => [bytes.subarray(0, 40), bytes.subarray(40)];

test("a provider is asked not to compress its answers", async () => {
  await setup.post(ask());
  expect(setup.provider.requests.at(-1)?.headers["accept-encoding"]).toBe("identity");
});

test.each([
  ["gzip", gzipSync],
  ["br", brotliCompressSync],
  ["zstd", zstdCompressSync],
])("an answer that a provider compresses anyway is decompressed: %s", async (encoding, pack) => {
  setup.provider.script(raw([pack(whole)], heads(encoding, "application/json")));
  const answer = await setup.post(ask());
  expect(await answer.text()).toBe(whole);
  expect(answer.headers.get("content-encoding")).toBeNull();

  setup.provider.script(raw(halves(pack(stream)), heads(encoding, "text/event-stream")));
  const streamed = await setup.post(ask({ stream: true, stream_options: { include_usage: false } }));
  expect(await streamed.text()).toBe(stream.replace(/data: \{"choices":\[\],.*\n\n/, ""));
  expect(setup.events.slice(-2)).toMatchObject(Array(2).fill({ source: "provider", use: { input: 3, output: 4 } }));
});

test.each([
  ["a bomb", gzipSync(Buffer.alloc(70_000_000)), "gzip"],
  ["a corrupt one", Buffer.from("no gzip"), "gzip"],
  ["too many layers", gzipSync(gzipSync(gzipSync(whole))), "gzip, gzip, gzip"],
  ["an unknown one", Buffer.from(whole), "rot13"],
])("%s is a bad answer", async (_name, bytes, encoding) => {
  for (const [type, given] of [
    ["application/json", {}],
    ["text/event-stream", { stream: true }],
  ] as const) {
    const bad = raw([bytes], heads(encoding, type));
    setup.provider.script(bad, bad);
    const response = await setup.post(ask(given));
    // The head of a stream is held only for some seconds. Then its error is an event.
    if (type === "application/json") expect(response.status).toBe(502);
    expect(await response.text()).toContain("bad_upstream_response");
  }
});
