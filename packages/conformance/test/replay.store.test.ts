import { testDatabase } from "@tollgate/testkit/postgres";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startByteProvider } from "../src/byte-provider.ts";
import { lanesOf } from "../src/replay/lanes.ts";
import { type Bench, replay, surfacesOf } from "../src/replay/replay.ts";
import { openRig } from "../src/rig.ts";
import { RECORDINGS } from "./recordings.ts";

let bench: Bench;
beforeAll(async () => {
  const provider = await startByteProvider();
  const lanes = RECORDINGS.flatMap((recording) => lanesOf(recording, surfacesOf(recording)));
  bench = { provider, rig: await openRig(lanes, provider.url, await testDatabase()) };
});
afterAll(async () => {
  await bench?.rig.close();
  await bench?.provider.close();
});

const named = (name: string) => RECORDINGS.find((recording) => recording.name === name) ?? expect.fail(name);

/** Verdicts in the order of chat, responses, messages, Google. */
test.each([
  ["chat-calls", "same bytes", "same", "same", "same"],
  ["responses-text", "same", "same bytes", "same", "same"],
  ["message-thoughts", "same", "same", "same bytes", "same"],
  ["gemini-call", "same", "same", "same", "same bytes"],
  ["message-citations", "same", "same", "same bytes", "same"],
  ["chat-citations", "same bytes", "same", "same", "same"],
  ["responses-citations", "same", "same bytes", "same", "same"],
  ["gemini-image", "same", "same", "same", "same bytes"],
  ["converse", "same", "same", "same", "same"],
  ["chat-refusal", "same", "same", "same", "same"],
  ["cohere", "refused", "same", "same", "same"],
  ["cohere-citations", "refused", "same", "same", "same"],
])("%s arrives as it was recorded, or with the same meaning", async (name, ...verdicts) => {
  const replayed = await replay(bench, named(name));
  expect(replayed.filter(({ verdict }) => verdict === "differs")).toEqual([]);
  expect(replayed.map(({ verdict }) => verdict)).toEqual(verdicts);
});

test("a difference is found: the provider says something else than the recording", async () => {
  const recording = named("message-thoughts");
  const body = recording.body.replace("It rains.", "It snows.").replace('"name":"now"', '"name":"later"');
  bench.provider.answer(() => ({ ...recording, body: Buffer.from(body) }));
  const lying = { ...bench, provider: { ...bench.provider, answer: () => {} } };
  const replayed = await replay(lying, recording);
  expect(replayed[0]).toMatchObject({ surface: "openai-chat", verdict: "differs" });
  expect(replayed[0]?.notes).toEqual(
    expect.arrayContaining([expect.stringContaining("It snows."), expect.stringContaining("later")]),
  );
  expect(replayed.find(({ surface }) => surface === "anthropic-messages")?.verdict).toBe("differs");
});

test("ranks in the formats of Voyage and Bedrock arrive in Cohere's, and formats that are not built are named", async () => {
  for (const name of ["voyage-ranks", "bedrock-ranks"]) {
    expect(await replay(bench, named(name))).toMatchObject([{ surface: "/v2/rerank", verdict: "same" }]);
  }
  expect(await replay(bench, named("unknown-format"))).toMatchObject([{ surface: "all", verdict: "not built" }]);
});
