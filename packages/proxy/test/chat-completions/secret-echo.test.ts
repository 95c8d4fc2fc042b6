import { raw } from "@tollgate/testkit/provider-behaviour";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ask, PROVIDER_SECRET } from "../setup.ts";
import { type OpenAiSetup, openOpenAiSetup } from "./openai-setup.ts";

let setup: OpenAiSetup;

beforeAll(async () => {
  setup = await openOpenAiSetup();
});
afterAll(() => setup.close());

const json = { "content-type": "application/json" };
const events = { "content-type": "text/event-stream" };
const half = PROVIDER_SECRET.slice(3, 18);
const usage = { prompt_tokens: 3, completion_tokens: 4 };
const whole = (content: string): string => JSON.stringify({ choices: [{ message: { content } }], usage });
const delta = (content: string): string => `data: ${JSON.stringify({ choices: [{ delta: { content } }] })}\n\n`;
const refusal = (error: object): string => JSON.stringify({ error });

test.each([
  ["the message of an error", raw([refusal({ message: `bad key ${PROVIDER_SECRET}` })], json, 400)],
  ["part of it in the message", raw([refusal({ message: `bad key ${half}****` })], json, 422)],
  ["the end of a long message", raw([refusal({ message: "x".repeat(1_990) + PROVIDER_SECRET })], json, 400)],
  ["the param of an error", raw([refusal({ message: "bad", param: PROVIDER_SECRET })], json, 400)],
  ["part of it in the param", raw([refusal({ message: "bad", param: `headers.${half}` })], json, 400)],
  ["a header", raw([whole("hi")], { ...json, "x-request-id": `for-${PROVIDER_SECRET}`, "openai-version": "1" })],
  ["a good answer", raw([whole(`you sent Bearer ${PROVIDER_SECRET}`)], json)],
])("a provider's key stays here when it is echoed in %s", async (_name, behaviour) => {
  setup.provider.script(behaviour);
  const response = await setup.post(ask());
  const seen = JSON.stringify([...response.headers]) + (await response.text());
  expect(seen).not.toContain(half);
  expect(JSON.stringify([setup.events.at(-1), setup.logged])).not.toContain(half);
});

test.each([
  ["a delta", [delta(`Bearer ${PROVIDER_SECRET}`), "data: [DONE]\n\n"]],
  ["a comment", [`: ${PROVIDER_SECRET}\n\n`, "data: [DONE]\n\n"]],
  [
    "an error frame",
    [delta("hi"), `data: ${refusal({ message: PROVIDER_SECRET, param: PROVIDER_SECRET, code: 400 })}\n\n`],
  ],
])("nor is it passed on in a stream, in %s", async (_name, chunks) => {
  setup.provider.script(raw(chunks, events));
  const response = await setup.post(ask({ stream: true }));
  const seen = await response.text();
  expect(seen).not.toContain(half);
  expect(seen).toContain("data: ");
});

test("the rest of the answer is unchanged", async () => {
  setup.provider.script(raw([whole(`é ${PROVIDER_SECRET} 🙂`)], json));
  const response = await setup.post(ask());
  expect(await response.text()).toBe(whole("é [secret] 🙂"));
});
