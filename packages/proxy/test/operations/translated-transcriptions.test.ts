import OpenAI, { toFile } from "openai";
import { afterEach, describe, expect, test } from "vitest";
import { guardrail } from "../guardrails/guardrail.ts";
import { limit } from "../setup.ts";
import { type OperationSetup, openOperation } from "./operation-setup.ts";
import { wav } from "./wav.ts";

let setup: OperationSetup;
afterEach(() => setup.close());

const SCRIBE = { provider: "elevenlabs", upstreamModel: "scribe_v2", path: "/v1" };
const NOVA = { provider: "deepgram", upstreamModel: "nova-3", path: "/v1" };
const priced = ({ provider, upstreamModel }: typeof NOVA) => ({
  ...{ provider, upstreamModel, inputPerMillion: "0", outputPerMillion: "0" },
  ...{ units: { audioSeconds: "0.1" }, version: "own-1", fromMs: 0 },
});
const BOTH = [SCRIBE, NOVA];
const named = BOTH.map((at) => [at.provider, at] as const);

const WORDS = [
  { text: "Hello", start: 0.08, end: 0.4 },
  { text: "world.", start: 0.5, end: 0.9 },
  { text: "Goodbye.", start: 3_601, end: 3_601.5 },
];
const TEXT = "Hello world. Goodbye.";
const SAID: Record<string, object> = {
  elevenlabs: {
    ...{ language_code: "eng", language_probability: 0.98, text: TEXT, audio_duration_secs: 9.6 },
    words: WORDS.flatMap((word) => [
      { ...word, type: "word", logprob: -0.1 },
      { text: " ", start: word.end, end: word.end, type: "spacing" },
    ]),
  },
  deepgram: {
    metadata: { request_id: "1", duration: 9.6, channels: 1, models: ["uuid"] },
    results: {
      channels: [
        {
          detected_language: "en",
          alternatives: [
            {
              ...{ transcript: TEXT, confidence: 0.99 },
              words: WORDS.map(({ text, ...at }) => ({ ...at, word: text.toLowerCase(), punctuated_word: text })),
            },
          ],
        },
      ],
    },
  },
};

const file = () => toFile(wav(10), "speech.wav", { type: "audio/wav" });

async function open(...[at = SCRIBE, options]: Partial<Parameters<typeof openOperation>>): Promise<OpenAI> {
  setup = await openOperation(at, options);
  setup.answer(SAID[at.provider] ?? {});
  return new OpenAI({ apiKey: setup.key, baseURL: `${setup.url}/v1`, maxRetries: 0 });
}

const formOf = async () => {
  const { headers, body } = setup.seen[0] as (typeof setup.seen)[number];
  const type = { "content-type": headers["content-type"] ?? "" };
  return new Response(new Uint8Array(body), { headers: type }).formData();
};
const queryOf = (path = "") => [...new URL(path, "http://provider").searchParams].map(([name, value]) => [name, value]);

describe.each(named)("%s", (_, at) => {
  test("the text and the seconds; they are charged to the nano-dollar", async () => {
    const limits = [limit({ unit: "usd", window: "month", amount: 10n ** 9n })];
    const client = await open(at, { org: { prices: [priced(at)], limits } });
    const answer = await client.audio.transcriptions.create({ model: "small", file: await file() });
    expect(answer).toEqual({ text: TEXT, usage: { type: "duration", seconds: 10 } });
    expect(setup.events[0]).toMatchObject({
      ...{ surface: "transcriptions", use: { input: 0, output: 0, audioSeconds: 10 }, flags: [] },
      ...{ costNano: "1000000", heldNano: "1100000", source: "provider", outcome: "complete" },
    });
  });

  test("verbose JSON has segments, and words if they are asked for", async () => {
    const client = await open(at);
    const given = { model: "small", response_format: "verbose_json" as const };
    const plain = await client.audio.transcriptions.create({ ...given, file: await file() });
    expect(plain).toMatchObject({
      task: "transcribe",
      duration: 9.6,
      text: TEXT,
      language: expect.stringMatching(/^en/),
    });
    expect(plain.segments).toEqual([
      { id: 0, start: 0.08, end: 0.9, text: "Hello world." },
      { id: 1, start: 3_601, end: 3_601.5, text: "Goodbye." },
    ]);
    expect(plain.words).toBeUndefined();
    const granularity: ("word" | "segment")[] = ["word", "segment"];
    const timed = { ...given, file: await file(), timestamp_granularities: granularity };
    const { words } = await client.audio.transcriptions.create(timed);
    expect(words).toEqual(WORDS.map(({ text: word, start, end }) => ({ word, start, end })));
  });

  test.each([
    ["text", `${TEXT}\n`, "text/plain; charset=utf-8"],
    [
      "srt",
      "1\n00:00:00,080 --> 00:00:00,900\nHello world.\n\n2\n01:00:01,000 --> 01:00:01,500\nGoodbye.\n\n",
      "text/plain; charset=utf-8",
    ],
    [
      "vtt",
      "WEBVTT\n\n00:00:00.080 --> 00:00:00.900\nHello world.\n\n01:00:01.000 --> 01:00:01.500\nGoodbye.\n\n",
      "text/vtt; charset=utf-8",
    ],
  ] as const)("%s", async (response_format, expected, type) => {
    const client = await open(at);
    const given = { model: "small", file: await file(), response_format };
    const response = await client.audio.transcriptions.create(given).asResponse();
    expect(response.headers.get("content-type")).toBe(type);
    expect(await response.text()).toBe(expected);
  });

  test("a client that asks for a stream gets one", async () => {
    const client = await open(at);
    const stream = await client.audio.transcriptions.create({ model: "small", file: await file(), stream: true });
    const events = [];
    for await (const event of stream) events.push(event);
    expect(events).toEqual([
      { type: "transcript.text.delta", delta: TEXT },
      { type: "transcript.text.done", text: TEXT, usage: { type: "duration", seconds: 10 } },
    ]);
    expect(setup.events[0]).toMatchObject({ outcome: "complete", use: { audioSeconds: 10 } });
  });

  test("refused by name: a format it has no times for, and translations", async () => {
    const client = await open(at);
    const wrong = { model: "small", file: await file(), response_format: "diarized_json" as never };
    await expect(client.audio.transcriptions.create(wrong)).rejects.toMatchObject({
      ...{ status: 400, param: "response_format" },
    });
    const translation = client.audio.translations.create({ model: "small", file: await file() });
    await expect(translation).rejects.toMatchObject({ status: 400 });
    expect(setup.seen).toEqual([]);
  });

  test("terms to recognise have an unknown price, so a dollar limit refuses them", async () => {
    const limits = [limit({ unit: "usd", amount: 10n ** 12n })];
    const client = await open(at, { org: { prices: [priced(at)], limits } });
    const given = { model: "small", file: await file(), ...{ keyterms: ["Tollgate"] } };
    await expect(client.audio.transcriptions.create(given)).rejects.toMatchObject({ status: 400 });
  });

  test("an answer that is no transcript is a bad response; guardrails read the prompt", async () => {
    const client = await open(at, { org: { guardrails: [guardrail({ patterns: ["secret"] })] } });
    setup.answer({ body: { results: { channels: [] } } });
    const call = client.audio.transcriptions.create({ model: "small", file: await file() });
    await expect(call).rejects.toMatchObject({ status: 502 });
    const blocked = client.audio.transcriptions.create({ model: "small", file: await file(), prompt: "a secret" });
    await expect(blocked).rejects.toMatchObject({ code: "guardrail_blocked" });
  });
});

test("without a reported length, the seconds of the file's header are charged", async () => {
  const client = await open(SCRIBE, { org: { prices: [priced(SCRIBE)] } });
  setup.answer({ language_code: "eng", text: TEXT, words: [] });
  await client.audio.transcriptions.create({ model: "small", file: await file() });
  expect(setup.events[0]).toMatchObject({ source: "estimated", use: { audioSeconds: 11 }, costNano: "1100000" });
});

test("ElevenLabs gets a form with its names, and the file unchanged", async () => {
  const client = await open();
  const more = { language: "de", temperature: 0.2, prompt: "Names", ...{ keyterms: ["Tollgate", "Vienna"] } };
  const call = client.audio.transcriptions.create({ model: "small", file: await file(), ...more });
  const { response } = await call.withResponse();
  expect(response.headers.get("x-tollgate-ignored")).toBe("prompt");
  const form = await formOf();
  expect([...form.keys()].toSorted()).toEqual(
    ["model_id", "file", "language_code", "temperature", "keyterms", "keyterms"]
      .concat("tag_audio_events", "timestamps_granularity")
      .toSorted(),
  );
  expect([form.get("model_id"), form.get("language_code"), form.get("timestamps_granularity")]).toEqual([
    "scribe_v2",
    "de",
    "none",
  ]);
  expect(Buffer.from(await (form.get("file") as File).arrayBuffer()).equals(wav(10))).toBe(true);
  expect(setup.seen[0]?.path).toBe("/v1/speech-to-text");
});

test("Deepgram gets the bytes of the file, and the rest in the query", async () => {
  const client = await open(NOVA);
  const more = { ...{ keyterms: ["Tollgate", "Vienna"] }, temperature: 0 };
  const call = client.audio.transcriptions.create({ model: "small", file: await file(), ...more });
  const { response } = await call.withResponse();
  expect(response.headers.get("x-tollgate-ignored")).toBe("temperature");
  const [sent] = setup.seen;
  expect(queryOf(sent?.path)).toEqual([
    ["model", "nova-3"],
    ["smart_format", "true"],
    ["detect_language", "true"],
    ["keyterm", "Tollgate"],
    ["keyterm", "Vienna"],
  ]);
  expect(sent?.headers["content-type"]).toBe("audio/wav");
  expect(sent?.body.equals(wav(10))).toBe(true);
  await client.audio.transcriptions.create({ model: "small", file: await file(), language: "fr" });
  expect(queryOf(setup.seen[1]?.path)).toContainEqual(["language", "fr"]);
});

test("two files are refused", async () => {
  await open(NOVA);
  const form = new FormData();
  form.append("model", "small");
  for (const name of ["file", "file[]"]) form.append(name, new Blob([new Uint8Array(wav(1))]), "a.wav");
  const headers = { authorization: `Bearer ${setup.key}` };
  const url = `${setup.url}/v1/audio/transcriptions`;
  const response = await fetch(url, { method: "POST", headers, body: form });
  expect([response.status, await response.json()]).toMatchObject([400, { error: { param: "file" } }]);
});
