import type { UsageBound } from "@tollgate/catalog/rates";
import type { Fields } from "../fields.ts";
import { filesOf } from "../form-fields.ts";
import { audioSecondsMax } from "../media/audio-seconds.ts";

/** OpenAI counts a token of audio for each tenth of a second. */
const AUDIO_TOKENS_PER_SECOND = 10;
/** Fast speech has about five. */
const TEXT_TOKENS_PER_SECOND = 10;
/** For framing, and for the format of a transcript with times. */
const EXTRA_TOKENS = 500;

const seconds = new WeakMap<object, number>();

/** The most seconds of all audio files of a request. Read from a file's header once. */
function secondsOf(body: Fields): number {
  let sum = 0;
  for (const file of filesOf(body, "file")) {
    const known = seconds.get(file) ?? audioSecondsMax(file.content);
    seconds.set(file, known);
    sum += known;
  }
  return sum;
}

export const audioTokens = (body: Fields | object): number => AUDIO_TOKENS_PER_SECOND * secondsOf(body as Fields);

export const transcriptTokensMax = (body: Fields): number => TEXT_TOKENS_PER_SECOND * secondsOf(body) + EXTRA_TOKENS;

/** The most that a transcription can use. The bytes of the file are no tokens. */
export function transcriptBound(body: Fields, promptTokens: number, outputTokens: number): UsageBound {
  const bytes = filesOf(body, "file").reduce((sum, { size }) => sum + size, 0);
  const text = Math.max(0, promptTokens - bytes);
  return {
    input: text + audioTokens(body) + EXTRA_TOKENS,
    output: outputTokens,
    ...{ imageInput: 0, audioOutput: 0, imageOutput: 0 },
    audioSeconds: secondsOf(body),
  };
}
