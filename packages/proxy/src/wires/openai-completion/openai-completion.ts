import { ordinary } from "../../body/places.ts";
import { openAiChat } from "../openai-chat/openai-chat.ts";
import { plainBound } from "../plain/plain-bound.ts";
import { plainTexts } from "../plain/plain-texts.ts";
import type { SurfaceWire } from "../wire.ts";
import { readCompletionRequest } from "./read.ts";

const texts = plainTexts("user");

/** OpenAI's text completions, the API before chat. Its answers have chat's form with `text` instead of a message. */
export const openAiCompletion: SurfaceWire = {
  ...openAiChat,
  id: "openai-completion",
  places: ordinary,
  read: readCompletionRequest,
  texts,
  bound: plainBound(texts, (_body, input, output) => ({
    input,
    output,
    ...{ audioInput: 0, imageInput: 0, audioOutput: 0, imageOutput: 0, cacheWrite1h: 0 },
  })),
  bridge: null,
  codec: null,
};
