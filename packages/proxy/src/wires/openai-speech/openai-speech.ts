import { ordinary } from "../../body/places.ts";
import { openAiError } from "../error-wording.ts";
import { plainBound } from "../plain/plain-bound.ts";
import { plainTexts } from "../plain/plain-texts.ts";
import { sendPlain } from "../plain/send-plain.ts";
import { embedUsage } from "../usage/embed-usage.ts";
import type { SurfaceWire } from "../wire.ts";
import { speechAnswers } from "./answer.ts";
import { charactersIn, readSpeechRequest, speechTokensMax } from "./read.ts";

const texts = plainTexts("voice", "response_format", "stream_format", "lang_code");

/** OpenAI's speech from a text. The answer is audio as it is made, or events. */
export const openAiSpeech: SurfaceWire = {
  id: "openai-speech",
  operation: "speech",
  usage: { find: ({ usage }) => usage, read: embedUsage },
  bridge: null,
  places: ordinary,
  read: readSpeechRequest,
  texts,
  bound: plainBound(texts, (body, input) => ({
    input,
    output: speechTokensMax(body),
    audioInput: 0,
    imageInput: 0,
    imageOutput: 0,
    characters: charactersIn(body),
  })),
  send: sendPlain,
  answer: speechAnswers,
  errors: { wording: openAiError, frame: (body) => `event: error\ndata: ${body}\n\n` },
  codec: null,
};
