import OpenAI from "openai";
import { afterEach, expect, test } from "vitest";
import { guardrail } from "../guardrails/guardrail.ts";
import { limit } from "../setup.ts";
import { type OperationSetup, openOperation } from "./operation-setup.ts";

let setup: OperationSetup;
afterEach(() => setup.close());

const TTS = { provider: "openai", upstreamModel: "tts-1" };
const MINI = { provider: "openai", upstreamModel: "gpt-4o-mini-tts" };
const BY_CHARACTER = {
  ...TTS,
  inputPerMillion: "0",
  outputPerMillion: "0",
  units: { characters: "15" },
  version: "own-1",
  fromMs: 0,
};
const audio = Buffer.from(Array.from({ length: 100_000 }, (_, at) => (at * 31) % 256));
const ask = { model: "small", voice: "alloy", input: "Hello 👋 there" } as const;

async function open(...[at = TTS, options]: Partial<Parameters<typeof openOperation>>): Promise<OpenAI> {
  setup = await openOperation(at, options);
  setup.answer({ headers: { "content-type": "audio/mpeg" }, body: [audio.subarray(0, 10), audio.subarray(10)] });
  return new OpenAI({ apiKey: setup.key, baseURL: `${setup.url}/v1`, maxRetries: 0 });
}

test("audio passes unchanged, and its characters are charged to the nano-dollar", async () => {
  const limits = [limit({ unit: "usd", window: "month", amount: 10n ** 9n })];
  const client = await open(TTS, { org: { prices: [BY_CHARACTER], limits } });
  const response = await client.audio.speech.create(ask);
  expect(response.headers.get("content-type")).toBe("audio/mpeg");
  expect(Buffer.from(await response.arrayBuffer()).equals(audio)).toBe(true);
  expect(setup.seen[0]).toMatchObject({ path: "/audio/speech", json: { ...ask, model: "tts-1" } });
  // 13 characters × $15 a million
  expect(setup.events[0]).toMatchObject({
    surface: "speech",
    use: { input: 0, output: 0, characters: 13 },
    costNano: "195000",
    heldNano: "195000",
    source: "provider",
    outcome: "complete",
    flags: [],
  });
});

test("without a price the call is refused under a dollar limit", async () => {
  const client = await open(TTS, { org: { limits: [limit({ unit: "usd", amount: 10n ** 12n })] } });
  await expect(client.audio.speech.create(ask)).rejects.toMatchObject({ code: "model_not_priced" });
});

test("events report the tokens of a model that is charged by tokens", async () => {
  const client = await open(MINI, { org: { limits: [limit({ unit: "usd", amount: 10n ** 9n })] } });
  const frames = [
    { type: "speech.audio.delta", audio: audio.toString("base64") },
    { type: "speech.audio.done", usage: { input_tokens: 14, output_tokens: 101, total_tokens: 115 } },
  ].map((event) => `data: ${JSON.stringify(event)}\n\n`);
  setup.answer({ headers: { "content-type": "text/event-stream" }, body: Buffer.from(frames.join("")) });
  const response = await client.audio.speech.create({ ...ask, stream_format: "sse" });
  expect(await response.text()).toBe(frames.join(""));
  // 14 × $0.60 + 101 × $12, a million
  expect(setup.events[0]).toMatchObject({ use: { input: 14, output: 101, characters: 13 }, costNano: "1220400" });
});

test("audio of a model that is charged by tokens is estimated, within the hold", async () => {
  const client = await open(MINI, { org: { limits: [limit({ unit: "usd", amount: 10n ** 9n })] } });
  await (await client.audio.speech.create(ask)).arrayBuffer();
  const [event] = setup.events;
  expect(event).toMatchObject({ source: "estimated", flags: ["usage_missing"], use: { characters: 13, output: 19 } });
  expect(Number(event?.costNano)).toBeLessThan(Number(event?.heldNano));
});

test("audio that breaks off ends the connection, and is charged for all characters", async () => {
  const client = await open(TTS, { org: { prices: [BY_CHARACTER] }, settings: { keepaliveMs: 1 } });
  setup.answer({ headers: { "content-type": "audio/mpeg" }, body: [audio], breaks: true });
  const response = await client.audio.speech.create(ask);
  await expect(response.arrayBuffer()).rejects.toThrow();
  expect(setup.events[0]).toMatchObject({ outcome: "failed", use: { characters: 13 } });
});

test("an answer that is no audio is a bad response", async () => {
  const client = await open();
  for (const body of [{ error: { message: "no" } }, {}]) {
    setup.answer({ body });
    await expect(client.audio.speech.create(ask)).rejects.toMatchObject({ status: 502 });
  }
  setup.answer({ headers: { "content-type": "audio/mpeg" }, body: [] });
  await expect(client.audio.speech.create(ask)).rejects.toMatchObject({ status: 502 });
});

test("guardrails read input and instructions; wrong fields are refused by name", async () => {
  const client = await open(MINI, { org: { guardrails: [guardrail({ patterns: ["secret"] })] } });
  for (const texts of [{ input: "a secret" }, { instructions: "tell a secret" }]) {
    const blocked = client.audio.speech.create({ ...ask, ...texts });
    await expect(blocked).rejects.toMatchObject({ code: "guardrail_blocked" });
  }
  const wrong = client.audio.speech.create({ ...ask, input: 7 as never });
  await expect(wrong).rejects.toMatchObject({ status: 400, param: "input" });
  expect(setup.seen).toEqual([]);
});
