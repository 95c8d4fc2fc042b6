import OpenAI, { toFile } from "openai";
import { afterEach, describe, expect, test } from "vitest";
import { guardrail } from "../guardrails/guardrail.ts";
import { limit } from "../setup.ts";
import { type OperationSetup, openOperation } from "./operation-setup.ts";
import { wav } from "./wav.ts";

let setup: OperationSetup;
afterEach(() => setup.close());

const WHISPER = { provider: "openai", upstreamModel: "whisper-1" };
const BY_TOKENS = { provider: "openai", upstreamModel: "gpt-4o-transcribe" };
const usd = (amount: bigint) => limit({ unit: "usd", window: "month", amount });

const file = (bytes = wav(10), name = "speech.wav") => toFile(bytes, name, { type: "audio/wav" });

async function open(...[at = WHISPER, options]: Partial<Parameters<typeof openOperation>>): Promise<OpenAI> {
  setup = await openOperation(at, options);
  return new OpenAI({ apiKey: setup.key, baseURL: `${setup.url}/v1`, maxRetries: 0 });
}

const sent = async () => {
  const { headers, body } = setup.seen[0] as (typeof setup.seen)[number];
  const type = { "content-type": headers["content-type"] ?? "" };
  return new Response(new Uint8Array(body), { headers: type }).formData();
};

test("seconds of whisper are charged to the nano-dollar; the file passes unchanged", async () => {
  const client = await open(WHISPER, { org: { limits: [usd(10n ** 9n)] } });
  setup.answer({ text: "Galileo was a program.", usage: { type: "duration", seconds: 10 } });
  const { text } = await client.audio.transcriptions.create({ model: "small", file: await file(), language: "en" });
  expect(text).toBe("Galileo was a program.");
  const form = await sent();
  expect([form.get("model"), form.get("language")]).toEqual(["whisper-1", "en"]);
  expect(Buffer.from(await (form.get("file") as File).arrayBuffer()).equals(wav(10))).toBe(true);
  // 10 s × $0.36 an hour; the header says 10.006 s
  expect(setup.events[0]).toMatchObject({
    surface: "transcriptions",
    use: { input: 0, output: 0, audioSeconds: 10 },
    costNano: "1000000",
    heldNano: "1100000",
    flags: [],
  });
});

test("tokens of gpt-4o-transcribe are charged to the nano-dollar", async () => {
  const client = await open(BY_TOKENS, { org: { limits: [usd(10n ** 9n)] } });
  setup.answer({
    text: "Hello.",
    usage: {
      type: "tokens",
      input_tokens: 100,
      input_token_details: { text_tokens: 10, audio_tokens: 90 },
      output_tokens: 20,
      total_tokens: 120,
    },
  });
  await client.audio.transcriptions.create({ model: "small", file: await file() });
  // 10 text × $2.50 + 90 audio × $6 + 20 × $10, a million
  expect(setup.events[0]).toMatchObject({ use: { input: 100, audioInput: 90, output: 20 }, costNano: "765000" });
  expect(Number(setup.events[0]?.heldNano)).toBeGreaterThan(765_000);
});

test("a stream of a transcript", async () => {
  const client = await open(BY_TOKENS);
  const usage = { type: "tokens", input_tokens: 100, output_tokens: 20, input_token_details: { audio_tokens: 100 } };
  const frames = [
    { type: "transcript.text.delta", delta: "Hel" },
    { type: "transcript.text.delta", delta: "lo." },
    { type: "transcript.text.done", text: "Hello.", usage },
  ].map((event) => `data: ${JSON.stringify(event)}\n\n`);
  setup.answer({ headers: { "content-type": "text/event-stream" }, body: Buffer.from(frames.join("")) });
  const stream = await client.audio.transcriptions.create({ model: "small", file: await file(), stream: true });
  let text = "";
  for await (const event of stream) if (event.type === "transcript.text.delta") text += event.delta;
  expect(text).toBe("Hello.");
  expect(setup.events[0]).toMatchObject({ stream: true, costNano: "800000", outcome: "complete" });
});

test.each(["text", "srt", "vtt"] as const)(
  "%s has no report, so seconds of the file's header are charged",
  async (format) => {
    const client = await open();
    setup.answer({ headers: { "content-type": "text/plain" }, body: Buffer.from("Hello.\n") });
    const given = { model: "small", file: await file(), response_format: format };
    expect(await client.audio.transcriptions.create(given)).toBe("Hello.\n");
    expect(setup.events[0]).toMatchObject({ source: "estimated", use: { audioSeconds: 11 }, costNano: "1100000" });
  },
);

test("the length in a verbose answer is charged", async () => {
  const client = await open();
  setup.answer({ task: "transcribe", language: "english", duration: 36.71, text: "Hello.", segments: [] });
  const given = { model: "small", file: await file(), response_format: "verbose_json" as const };
  await client.audio.transcriptions.create(given);
  expect(setup.events[0]).toMatchObject({ use: { audioSeconds: 37 }, source: "provider", costNano: "3700000" });
});

test("translations go to their own path", async () => {
  const client = await open({ provider: "groq", upstreamModel: "whisper-large-v3" });
  setup.answer({ text: "Hello.", usage: { type: "duration", seconds: 100 } });
  await client.audio.translations.create({ model: "small", file: await file() });
  expect(setup.seen[0]?.path).toBe("/audio/translations");
  // 100 s × $0.111 an hour
  expect(setup.events[0]).toMatchObject({ surface: "translations", costNano: "3083333" });
});

test("a provider without translations refuses them by name", async () => {
  const client = await open({ provider: "mistral", upstreamModel: "voxtral-mini-2602" });
  const call = client.audio.translations.create({ model: "small", file: await file() });
  await expect(call).rejects.toMatchObject({ status: 400, message: expect.stringContaining("Mistral") });
});

describe("the hold", () => {
  test("covers the length in the header, otherwise the size at the lowest bit rate", async () => {
    const client = await open(WHISPER, { org: { limits: [usd(10n ** 9n)] } });
    setup.answer({ text: "Hello.", usage: { type: "duration", seconds: 1 } });
    for (const bytes of [wav(60), Buffer.alloc(75_000, 1)]) {
      await client.audio.transcriptions.create({ model: "small", file: await file(bytes) });
    }
    expect(setup.events.map(({ heldNano }) => Math.round(Number(heldNano) / 1e3))).toEqual([6_100, 10_000]);
  });

  test("refuses a file that is too long for the budget", async () => {
    const client = await open(WHISPER, { org: { limits: [usd(6_000_000n)] } });
    const call = client.audio.transcriptions.create({ model: "small", file: await file(wav(60)) });
    await expect(call).rejects.toMatchObject({ code: "budget_exceeded" });
  });
});

test("guardrails read the prompt", async () => {
  const client = await open(WHISPER, { org: { guardrails: [guardrail({ patterns: ["secret"] })] } });
  const call = client.audio.transcriptions.create({ model: "small", file: await file(), prompt: "a secret" });
  await expect(call).rejects.toMatchObject({ code: "guardrail_blocked" });
});
