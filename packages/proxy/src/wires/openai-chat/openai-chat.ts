import { forRepeats } from "../cost-in-usage.ts";
import { openAiError } from "../error-wording.ts";
import type { SurfaceWire } from "../wire.ts";
import { hasDocument, measuring, promptTokensEstimate, promptTokensMax, usageBound } from "./bound.ts";
import { chatBridge } from "./bridge.ts";
import { chatCodec } from "./codec/codec.ts";
import { CHAT_PLACES } from "./places.ts";
import { readChatRequest } from "./read.ts";
import { sendChat } from "./send.ts";
import { CHAT_IDS } from "./stored-ids.ts";
import { ChatStreamAnswer } from "./stream-answer.ts";
import { chatTexts } from "./texts.ts";
import { chatUsage } from "./usage.ts";
import { readingWholeAnswer, wholeAnswer } from "./whole-answer.ts";

/** OpenAI's chat completions, as OpenAI and compatible providers serve them. */
export const openAiChat: SurfaceWire = {
  id: "openai-chat",
  operation: "chat",
  usage: chatUsage,
  bridge: chatBridge,
  places: CHAT_PLACES,
  storedIds: CHAT_IDS,
  read: readChatRequest,
  texts: chatTexts,
  bound: {
    measuring,
    promptTokensMax,
    hasDocument,
    promptTokensEstimate,
    usage: usageBound,
    unpricedField: () => null,
  },
  send: sendChat,
  answer: {
    stream: (context) => new ChatStreamAnswer(context),
    whole: wholeAnswer,
    readingWhole: readingWholeAnswer,
    forRepeats,
  },
  errors: { wording: openAiError, frame: (body) => `data: ${body}\n\n` },
  codec: chatCodec,
};
