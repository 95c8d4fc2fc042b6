import { afterEach, describe, expect, test } from "vitest";
import { type OperationSetup, openOperation } from "./operation-setup.ts";
import { wav } from "./wav.ts";

// Subtitles and segments made of words and times that a provider reports in an unexpected way.

let setup: OperationSetup;
afterEach(() => setup.close());

interface Said {
  text: string;
  seconds?: unknown;
  words?: { text: string; start: unknown; end: unknown }[];
}

const ANSWERS = {
  elevenlabs: ({ text, seconds, words = [] }: Said) => ({
    ...{ text, audio_duration_secs: seconds },
    words: words.map((word) => ({ ...word, type: "word" })),
  }),
  deepgram: ({ text, seconds, words = [] }: Said) => ({
    metadata: { duration: seconds },
    results: {
      channels: [{ alternatives: [{ transcript: text, words: words.map((w) => ({ ...w, word: w.text })) }] }],
    },
  }),
};

async function transcribed(provider: keyof typeof ANSWERS, said: Said, format: string): Promise<string> {
  setup = await openOperation({
    provider,
    upstreamModel: provider === "deepgram" ? "nova-3" : "scribe_v2",
    path: "/v1",
  });
  setup.answer(ANSWERS[provider](said));
  const form = new FormData();
  form.set("model", "small");
  form.set("response_format", format);
  form.set("file", new Blob([new Uint8Array(wav(2))], { type: "audio/wav" }), "a.wav");
  const headers = { authorization: `Bearer ${setup.key}` };
  const reply = await fetch(`${setup.url}/v1/audio/transcriptions`, { method: "POST", headers, body: form });
  expect(reply.status).toBe(200);
  return reply.text();
}

describe.each(["elevenlabs", "deepgram"] as const)("%s", (provider) => {
  test("no text is lost without words: one cue has all of it", async () => {
    const srt = await transcribed(provider, { text: "Hello\nworld.", seconds: 2 }, "srt");
    expect(srt).toBe("1\n00:00:00,000 --> 00:00:02,000\nHello world.\n\n");
  });

  test("no text is lost without words and without a length", async () => {
    const vtt = await transcribed(provider, { text: "Hello world." }, "vtt");
    expect(vtt).toBe("WEBVTT\n\n00:00:00.000 --> 00:00:01.000\nHello world.\n\n");
  });

  test("invalid times do not reach the client, and no word is lost", async () => {
    const words = [
      { text: "One", start: -5, end: -4 },
      { text: "two", start: 0.5, end: 0.2 },
      { text: "three", start: 1e308, end: null },
      { text: "four.", start: 0.6, end: 1 },
    ];
    const said = { text: "One two three four.", seconds: -1, words };
    const { duration, segments } = JSON.parse(await transcribed(provider, said, "verbose_json"));
    expect([duration, segments]).toEqual([1, [{ id: 0, start: 0, end: 1, text: "One two three four." }]]);
  });

  test("a text cannot add a cue", async () => {
    const words = [{ text: "a\n\n2\n00:00:00,000 --> 00:00:09,000\nb", start: 0, end: 1 }];
    const srt = await transcribed(provider, { text: "a", words }, "srt");
    expect(srt).toBe("1\n00:00:00,000 --> 00:00:01,000\na 2 00:00:00,000 -> 00:00:09,000 b\n\n");
  });
});

test("200,000 words become subtitles", async () => {
  const words = Array.from({ length: 200_000 }, (_, at) => ({ text: "x", start: at, end: at + 1 }));
  const srt = await transcribed("elevenlabs", { text: "x", words }, "srt");
  expect(srt.match(/x/g)).toHaveLength(200_000);
});
