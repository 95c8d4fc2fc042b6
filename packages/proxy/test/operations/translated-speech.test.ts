import OpenAI from "openai";
import { afterEach, describe, expect, test } from "vitest";
import { limit } from "../setup.ts";
import { type OperationSetup, openOperation } from "./operation-setup.ts";

let setup: OperationSetup;
afterEach(() => setup.close());

const ELEVEN = { provider: "elevenlabs", upstreamModel: "eleven_flash_v2_5", path: "/v1" };
const AURA = { provider: "deepgram", upstreamModel: "aura-2", path: "/v1" };
const VOICE = "JBFqnCBsd6RMkjVDRZzb";
const audio = Buffer.from(Array.from({ length: 10_000 }, (_, at) => (at * 31) % 256));
const ask = { model: "small", voice: VOICE, input: "Hello there" } as const;
const priced = (at: typeof ELEVEN) => ({
  ...{ provider: at.provider, upstreamModel: at.upstreamModel },
  ...{ inputPerMillion: "0", outputPerMillion: "0", units: { characters: "50" }, version: "own-1", fromMs: 0 },
});

async function open(...[at = ELEVEN, options]: Partial<Parameters<typeof openOperation>>): Promise<OpenAI> {
  setup = await openOperation(at, options);
  setup.answer({ headers: { "content-type": "audio/mpeg" }, body: [audio.subarray(0, 10), audio.subarray(10)] });
  return new OpenAI({ apiKey: setup.key, baseURL: `${setup.url}/v1`, maxRetries: 0 });
}

const queryOf = (path = "") => Object.fromEntries(new URL(path, "http://provider").searchParams);

describe("ElevenLabs", () => {
  test("gets voice, format, speed and language; its audio passes and characters are charged", async () => {
    const limits = [limit({ unit: "usd", window: "month", amount: 10n ** 9n })];
    const client = await open(ELEVEN, { org: { prices: [priced(ELEVEN)], limits } });
    const more = { language: "en", seed: 7, instructions: "calmly", voice_settings: { stability: 0.4 } };
    const response = await client.audio.speech.create({ ...ask, response_format: "pcm", speed: 1.1, ...more });
    expect(Buffer.from(await response.arrayBuffer()).equals(audio)).toBe(true);
    expect(response.headers.get("content-type")).toBe("audio/mpeg");
    expect(response.headers.get("x-tollgate-ignored")).toBe("instructions");
    const [sent] = setup.seen;
    expect(sent).toMatchObject({ path: `/v1/text-to-speech/${VOICE}/stream?output_format=pcm_24000` });
    expect(sent?.headers["xi-api-key"]).toBeDefined();
    expect(sent?.headers.authorization).toBeUndefined();
    expect(sent?.json).toEqual({
      ...{ text: "Hello there", model_id: "eleven_flash_v2_5", language_code: "en", seed: 7 },
      voice_settings: { stability: 0.4, speed: 1.1 },
    });
    // 11 characters × $50 a million
    expect(setup.events[0]).toMatchObject({
      ...{ surface: "speech", outcome: "complete", source: "provider", costNano: "550000", heldNano: "550000" },
      use: { input: 0, output: 0, characters: 11 },
    });
  });

  test("without a price the call is refused under a dollar limit, and is unpriced without one", async () => {
    const client = await open(ELEVEN, { org: { limits: [limit({ unit: "usd", amount: 10n ** 12n })] } });
    await expect(client.audio.speech.create(ask)).rejects.toMatchObject({ code: "model_not_priced" });
    setup.change({ limits: [] });
    await (await client.audio.speech.create(ask)).arrayBuffer();
    expect(setup.events.at(-1)).toMatchObject({ pricing: "unpriced", use: { characters: 11 } });
  });

  test.each([
    [{ response_format: "aac" }, "response_format"],
    [{ stream_format: "sse" }, "stream_format"],
    [{ voice: "alloy" }, "voice"],
    [{ voice: "../../admin/aaaaaaaaa" }, "voice"],
    [{ voice: undefined }, "voice"],
    [{ speed: "fast" }, "speed"],
    [{ speed: 1e308 }, "speed"],
    [{ speed: 0.5 }, "speed"],
    [{ voice_settings: "abcdefgh" }, "voice_settings"],
    [{ voice_settings: [] }, "voice_settings"],
    [{ voice_settings: { speed: 9 } }, "voice_settings.speed"],
  ] as const)("what it does not have is refused by name: %o", async (given, param) => {
    const client = await open();
    await expect(client.audio.speech.create({ ...ask, ...(given as object) })).rejects.toMatchObject({
      ...{ status: 400, param },
    });
    expect(setup.seen).toEqual([]);
  });

  test("a refusal keeps the provider's words, and a refused key is the gateway's fault", async () => {
    const client = await open();
    const body = { detail: { status: "voice_not_found", message: "A voice with this id was not found." } };
    setup.answer({ status: 404, body });
    await expect(client.audio.speech.create(ask)).rejects.toMatchObject({
      ...{ status: 404, code: "upstream_rejected", message: expect.stringContaining("A voice with this id") },
    });
    setup.answer({ status: 401, body: { detail: { status: "invalid_api_key", message: "Invalid API key" } } });
    await expect(client.audio.speech.create(ask)).rejects.toMatchObject({ status: 502, code: "upstream_auth_error" });
  });
});

describe("Deepgram", () => {
  test("has the voice and the language in the model's name, and the format in the query", async () => {
    const client = await open(AURA, { org: { prices: [priced(AURA)] } });
    const given = { ...ask, voice: "thalia", response_format: "wav", speed: 0.9 } as const;
    await (await client.audio.speech.create(given)).arrayBuffer();
    const [sent] = setup.seen;
    expect(sent?.path).toMatch(/^\/v1\/speak\?/);
    expect(queryOf(sent?.path)).toEqual({
      ...{ model: "aura-2-thalia-en", encoding: "linear16", container: "wav", sample_rate: "24000", speed: "0.9" },
    });
    expect(sent?.json).toEqual({ text: "Hello there" });
    expect(sent?.headers.authorization).toMatch(/^Token ./);
    expect(setup.events[0]).toMatchObject({ costNano: "550000", use: { characters: 11 } });
  });

  test.each([
    ["aura-2", { voice: "aura-2-zeus-en" }, "aura-2-zeus-en", null],
    ["aura-2", { voice: "celeste", language: "es" }, "aura-2-celeste-es", null],
    ["aura-2-thalia-en", { voice: "alloy" }, "aura-2-thalia-en", "voice"],
    ["aura-2-thalia-en", { voice: "thalia" }, "aura-2-thalia-en", null],
  ])("%s with %o is %s", async (upstreamModel, given, model, ignored) => {
    const client = await open({ ...AURA, upstreamModel });
    const response = await client.audio.speech.create({ ...ask, ...given });
    await response.arrayBuffer();
    expect(queryOf(setup.seen[0]?.path)).toEqual({ model, encoding: "mp3" });
    expect(response.headers.get("x-tollgate-ignored")).toBe(ignored);
  });

  test("a voice of another model is refused, because the price is that of the model", async () => {
    const client = await open(AURA);
    const call = client.audio.speech.create({ ...ask, voice: "aura-asteria-en" });
    await expect(call).rejects.toMatchObject({ status: 400, param: "voice" });
  });

  test("a refusal keeps the provider's words", async () => {
    const client = await open(AURA);
    const body = { err_code: "Bad Request", err_msg: "Input text exceeds 2000 characters.", request_id: "1" };
    setup.answer({ status: 413, body });
    await expect(client.audio.speech.create({ ...ask, voice: "zeus" })).rejects.toMatchObject({
      ...{ status: 413, message: expect.stringContaining("exceeds 2000") },
    });
  });
});

test.each([ELEVEN, AURA])("a part of the audio (206) is not a complete answer: $provider", async (at) => {
  const client = await open(at);
  setup.answer({ status: 206, headers: { "content-type": "audio/mpeg" }, body: audio });
  const given = { ...ask, voice: at === AURA ? "thalia" : VOICE };
  await expect(client.audio.speech.create(given)).rejects.toMatchObject({ status: 502 });
  expect(setup.events[0]?.outcome).not.toBe("complete");
});

test("Deepgram refuses a speed that it does not have by name", async () => {
  const client = await open(AURA);
  const given = { ...ask, voice: "thalia", speed: 2 };
  await expect(client.audio.speech.create(given)).rejects.toMatchObject({ status: 400, param: "speed" });
});
