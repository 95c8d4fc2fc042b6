import { gzipSync } from "node:zlib";
import { eventFrame, exceptionFrame } from "@tollgate/testkit/event-stream";
import { raw } from "@tollgate/testkit/provider-behaviour";
import { afterEach, beforeEach, expect, it } from "vitest";
import { ask } from "../setup.ts";
import { type BedrockSetup, CLAUDE, openBedrockSetup } from "./bedrock-setup.ts";

let setup: BedrockSetup;
beforeEach(async () => {
  setup = await openBedrockSetup(CLAUDE, { idleTimeoutMs: 300 });
});
afterEach(() => setup.close());

const HEADERS = { "content-type": "application/vnd.amazon.eventstream", "content-encoding": "gzip" };
const noFrames = Buffer.alloc(1024 * 1024, "more ");
const delta = eventFrame("contentBlockDelta", { contentBlockIndex: 0, delta: { text: "more" } });
const more = Array.from({ length: 10_000 }, () => delta);

// The rest is still being unpacked when the stream is given up.
it.each([
  ["a refusal", [exceptionFrame("validationException", "The role is wrong."), ...more], 400],
  ["bytes that are no frames", [noFrames], 502],
])("a compressed stream that begins with %s ends the call and nothing else", async (_name, chunks, status) => {
  setup.provider.script(raw([gzipSync(Buffer.concat(chunks))], HEADERS));
  setup.provider.scriptModel(CLAUDE, raw([gzipSync(Buffer.concat(chunks))], HEADERS));
  const refused = await setup.post(ask({ stream: true }));
  expect(refused.status).toBe(status);
  await refused.text();
  setup.provider.scriptModel(CLAUDE);
  expect((await setup.post(ask({}))).status).toBe(200);
});

it.each([204, 205])("a stream with status %i, which has no body, is a failure of the provider", async (status) => {
  setup.provider.scriptModel(CLAUDE, raw([], {}, status));
  const refused = await setup.post(ask({ stream: true }));
  expect([refused.status, await refused.json()]).toMatchObject([502, { error: { code: "bad_upstream_response" } }]);
});
