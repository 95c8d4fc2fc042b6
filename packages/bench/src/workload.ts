import type { Asked } from "@tollgate/testkit/provider-behaviour";

/** The calls of one case: a JSON call, or a stream of `CHUNKS` text deltas. */
export type Case = "json" | "stream";
export const CASES: readonly Case[] = ["json", "stream"];
export const CHUNKS = 100;

export const MODEL = "gpt-4o-mini";
/** A model whose provider has another API format than the calls, so that they are translated. */
export const TRANSLATED_MODEL = "claude-haiku-4-5";
export const ANSWER = "The quick brown fox jumps over the lazy dog. ".repeat(12);

const SENTENCE = "The quick brown fox, aged 42, jumps over a lazy dog and talks of projects. ";

/** A call with a prompt of `chars` characters. */
export const promptBody = (chars: number): string => {
  const content = SENTENCE.repeat(Math.ceil(chars / SENTENCE.length)).slice(0, chars);
  return JSON.stringify({ model: MODEL, messages: [{ role: "user", content }], max_tokens: 256 });
};

const PROMPT = "Summarise the following paragraph in one sentence, plainly. ".repeat(10);

/** A prompt of ordinary size (about 700 bytes) with a bounded answer and usage. */
export const requestBody = (name: Case, model = MODEL): string =>
  JSON.stringify({
    model,
    messages: [
      { role: "system", content: "You are a concise assistant." },
      { role: "user", content: PROMPT },
    ],
    temperature: 0.2,
    max_tokens: 256,
    ...(name === "stream" && { stream: true, stream_options: { include_usage: true } }),
  });

export const asked = (name: Case, dialect: Asked["dialect"]): Asked => ({
  order: 1,
  dialect,
  model: dialect === "openai" ? MODEL : TRANSLATED_MODEL,
  stream: name === "stream",
  withUsage: true,
  prompt: PROMPT,
  json: {},
});
