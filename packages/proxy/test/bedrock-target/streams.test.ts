import { crc32 } from "node:zlib";
import { errorFrame, eventFrame, exceptionFrame } from "@tollgate/testkit/event-stream";
import { answer, type Behaviour, cutAfter, frames, raw } from "@tollgate/testkit/provider-behaviour";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ask, credential, model, target } from "../setup.ts";
import { type BedrockSetup, CLAUDE, openBedrockSetup } from "./bedrock-setup.ts";

let setup: BedrockSetup;
beforeEach(async () => {
  const options = { idleTimeoutMs: 300 };
  setup = await openBedrockSetup(CLAUDE, options);
});
afterEach(() => setup.close());

const start = eventFrame("messageStart", { role: "assistant" });
const text = (said: string): Buffer => eventFrame("contentBlockDelta", { contentBlockIndex: 0, delta: { text: said } });
const stop = eventFrame("messageStop", { stopReason: "end_turn" });
const metadata = eventFrame("metadata", { usage: { inputTokens: 9, outputTokens: 4, totalTokens: 13 } });

/** The frame with one byte changed. */
const damaged = (frame: Buffer, at: number): Buffer => {
  const copy = Buffer.from(frame);
  copy.writeUInt8(copy.readUInt8(at) ^ 1, at);
  return copy;
};

/** The beginning of a frame that says how long it is. */
const prelude = (length: number, headers: number): Buffer => {
  const bytes = Buffer.alloc(12);
  bytes.writeUInt32BE(length, 0);
  bytes.writeUInt32BE(headers, 4);
  bytes.writeUInt32BE(crc32(bytes.subarray(0, 8)), 8);
  return bytes;
};

const stream = async (): Promise<string> => (await setup.post(ask({ stream: true }))).text();

describe("a stream that breaks ends with an error, and with no end that the model did not give", () => {
  const rest = text(" there");
  it.each<[string, Buffer[]]>([
    ["inside a frame", [rest.subarray(0, rest.length - 3)]],
    ["inside a prelude", [rest.subarray(0, 7)]],
    ["with a damaged payload", [damaged(rest, rest.length - 8), stop, metadata]],
    ["with a damaged header", [damaged(rest, 20), stop, metadata]],
    ["with a damaged length", [damaged(rest, 1), stop, metadata]],
    ["with a frame of 4 GiB", [prelude(0xffff_ffff, 10), stop, metadata]],
    ["with a frame of 5 MiB", [prelude(5 * 1024 * 1024, 10), stop, metadata]],
    ["with an empty frame", [prelude(0, 0), stop, metadata]],
    ["with headers longer than the frame", [prelude(40, 2_000), stop, metadata]],
    ["with text between the frames", [Buffer.from('{"message":"hello, this is no frame"}')]],
    ["with an error without an exception", [errorFrame("InternalFailure", "it broke"), stop, metadata]],
    ["between two frames", []],
  ])("%s", async (_, broken) => {
    setup.provider.script(frames(start, text("Hello"), ...broken));
    const said = await stream();
    expect(said).toContain('"content":"Hello"');
    expect(said).toContain('"error":{');
    expect(said).not.toMatch(/\[DONE\]|"finish_reason":"/);
    expect(setup.events).toMatchObject([{ error: expect.any(String), source: "estimated" }]);
  });

  it("with silence, after the time limit", async () => {
    setup.provider.script(cutAfter(2, "stall", frames(start, text("Hello"))));
    const said = await stream();
    expect(said).toContain('"error":{');
    expect(said).not.toContain("[DONE]");
  });
});

it("usage is read from a stream that breaks after it", async () => {
  setup.provider.script(frames(start, text("Hello"), metadata, prelude(0, 0)));
  expect(await stream()).toContain('"error":{');
  expect(setup.events).toMatchObject([{ use: { input: 9, output: 4 } }]);
});

it("a whole answer without usage is whole, and its usage is estimated", async () => {
  setup.provider.script(frames(start, text("Hello"), stop));
  expect(await stream()).toMatch(/"finish_reason":"stop".*\[DONE\]\n\n$/s);
  expect(setup.events).toMatchObject([{ source: "estimated" }]);
});

const EXCEPTIONS: [name: string, message: string, status: number, code: string][] = [
  ["throttlingException", "Too many requests, please wait before trying again.", 429, "rate_limit_exceeded"],
  ["modelStreamErrorException", "The model failed.", 502, "upstream_error"],
  ["validationException", "messages.0: the role is wrong", 400, "upstream_rejected"],
  ["internalServerException", "Try your request again.", 502, "upstream_error"],
  ["serviceUnavailableException", "Bedrock is unable to process your request.", 502, "upstream_error"],
  ["modelTimeoutException", "The model did not answer.", 504, "upstream_timeout"],
  ["somethingNewException", "Nobody knows this.", 502, "upstream_error"],
];

describe("an exception at the beginning of a stream is a refusal: nothing is billed, and another target is tried", () => {
  it.each(EXCEPTIONS)("%s", async (name, message, status, code) => {
    const failing: Behaviour = frames(exceptionFrame(name, message));
    setup.provider.scriptModel(CLAUDE, failing);
    const refused = await setup.post(ask({ stream: true }));
    expect(refused.status).toBe(status);
    expect(await refused.json()).toMatchObject({ error: { code } });
    // A model that took too long has worked.
    if (code !== "upstream_timeout") expect(setup.events).toMatchObject([{ use: { input: 0, output: 0 } }]);
  });

  it("the next target answers", async () => {
    const main = credential(setup.provider.url, { provider: "bedrock" });
    const other = credential(setup.provider.url, { provider: "bedrock" });
    const targets = [target(main.id, { upstreamModel: CLAUDE }), target(other.id, { upstreamModel: "b", priority: 2 })];
    setup.change({ credentials: [main, other], models: [model(targets)] });
    setup.provider.scriptModel(CLAUDE, frames(exceptionFrame("throttlingException", "Wait.")));
    setup.provider.scriptModel("b", answer({ text: "From the other." }));
    expect(await stream()).toContain("From");
  });
});

it.each(EXCEPTIONS)("%s after a text ends the stream with its error", async (name, message, _, code) => {
  setup.provider.script(frames(start, text("Hello"), exceptionFrame(name, message), stop, metadata));
  const said = await stream();
  expect(said).toContain('"content":"Hello"');
  expect(said).toContain(`"code":"${code}"`);
  expect(said).not.toMatch(/\[DONE\]|"finish_reason":"/);
});

it("a response that is no event stream is a failure of the provider", async () => {
  setup.provider.script(raw(["<html>hello</html>"], { "content-type": "text/html" }));
  setup.provider.scriptModel(CLAUDE, raw(["<html>hello</html>"], { "content-type": "text/html" }));
  const refused = await setup.post(ask({ stream: true }));
  expect(await refused.json()).toMatchObject({ error: { code: "bad_upstream_response" } });
});
