import type { Fields } from "../fields.ts";
import { missing, readModel, refuseModels, wrongType, wrongValue } from "../request-fields.ts";
import type { Asked } from "../wire.ts";

/** The most that a provider takes is 40,000. */
const CHARACTERS_MAX = 100_000;
/** A second has about 15 characters and 21 tokens of audio. The most is for slow speech. */
const TOKENS_PER_CHARACTER = 1.4;
const TOKENS_PER_CHARACTER_MAX = 6;
const PAUSE_TOKENS_MAX = 500;

/** Reads and checks the fields of a speech request that the gateway uses. Throws 400. */
export function readSpeechRequest(body: Fields): Asked {
  const model = readModel(body);
  refuseModels(body);
  const { input, stream_format: format = null } = body;
  if (input === undefined || input === null) throw missing("input");
  if (typeof input !== "string") throw wrongType("input", "a string");
  if (input.length > CHARACTERS_MAX) throw wrongValue("input", `at most ${CHARACTERS_MAX} characters`);
  if (format !== null && format !== "audio" && format !== "sse") throw wrongValue("stream_format", "audio or sse");
  // Audio too reaches the client as it is made.
  return { model, stream: true, wantsUsage: false, maxOutputTokens: speechTokensMax(body), choices: 1, endUser: null };
}

/** Unicode characters, as providers count them. */
export function charactersIn({ input }: Fields): number {
  const text = typeof input === "string" ? input : "";
  let characters = text.length;
  for (let at = 0; at < text.length; at++) if ((text.charCodeAt(at) & 0xfc00) === 0xdc00) characters -= 1;
  return characters;
}

export const speechTokensMax = (body: Fields): number =>
  Math.ceil(charactersIn(body) * TOKENS_PER_CHARACTER_MAX) + PAUSE_TOKENS_MAX;

/** Estimate of the audio's tokens. */
export const speechTokens = (body: Fields): number => Math.ceil(charactersIn(body) * TOKENS_PER_CHARACTER);
