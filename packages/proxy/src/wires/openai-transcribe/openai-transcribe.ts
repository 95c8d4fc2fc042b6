import { ordinary } from "../../body/places.ts";
import { openAiError } from "../error-wording.ts";
import { plainBound } from "../plain/plain-bound.ts";
import { plainTexts } from "../plain/plain-texts.ts";
import { sendPlain } from "../plain/send-plain.ts";
import { KEYTERMS } from "../transcript/asked-transcript.ts";
import type { SurfaceWire } from "../wire.ts";
import { transcriptAnswers } from "./answer.ts";
import { audioTokens, transcriptBound } from "./bound.ts";
import { readTranscribeRequest } from "./read.ts";
import { transcriptUsage } from "./usage.ts";

const KEYWORDS = ["language", "response_format", "temperature", "stream", "timestamp_granularities[]", "include[]"];
const texts = plainTexts(...KEYWORDS);
const bound = plainBound(texts, transcriptBound);

/** OpenAI's transcriptions of audio. The request is a form. */
export const openAiTranscribe: SurfaceWire = {
  id: "openai-transcribe",
  operation: "transcribe",
  usage: { find: ({ usage }) => usage, read: transcriptUsage },
  bridge: null,
  places: ordinary,
  forms: "only",
  read: readTranscribeRequest,
  texts,
  bound: {
    ...bound,
    promptTokensEstimate: (body) => bound.promptTokensEstimate(body) + audioTokens(body),
    // Providers that recognise given words charge more for it.
    unpricedField: (body) => KEYTERMS.find((name) => name in body) ?? null,
  },
  send: sendPlain,
  answer: transcriptAnswers,
  errors: { wording: openAiError, frame: (body) => `event: error\ndata: ${body}\n\n` },
  codec: null,
};

/** The same into English. Providers have it at another path. */
export const openAiTranslate: SurfaceWire = { ...openAiTranscribe, id: "openai-translate" };
