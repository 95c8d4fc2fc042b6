import { forRepeats } from "../cost-in-usage.ts";
import { anthropicError } from "../error-wording.ts";
import { sealedIds } from "../sealed-ids.ts";
import type { SurfaceWire } from "../wire.ts";
import { messagesBounds } from "./bound.ts";
import { anthropicBridge } from "./bridge.ts";
import { messagesCodec } from "./codec/codec.ts";
import { MESSAGES_PLACES } from "./places.ts";
import { readMessagesRequest } from "./read.ts";
import { sendMessages } from "./send.ts";
import { MESSAGE_IDS, MESSAGES_IDS } from "./stored-ids.ts";
import { MessagesStreamAnswer } from "./stream-answer.ts";
import { messagesTexts } from "./texts.ts";
import { messagesUsage } from "./usage.ts";
import { readingWholeMessage, wholeMessage } from "./whole-answer.ts";

/** Anthropic's Messages API. */
export const anthropicMessages: SurfaceWire = {
  id: "anthropic-messages",
  operation: "chat",
  usage: messagesUsage,
  bridge: anthropicBridge,
  places: MESSAGES_PLACES,
  storedIds: MESSAGES_IDS,
  read: readMessagesRequest,
  texts: messagesTexts,
  bound: messagesBounds,
  send: sendMessages,
  answer: {
    stream: (context) => new MessagesStreamAnswer(context),
    whole: wholeMessage,
    readingWhole: readingWholeMessage,
    withOwnIds: (body, { sealStored }) => sealedIds(body, MESSAGE_IDS, sealStored),
    forRepeats,
  },
  errors: { wording: anthropicError, frame: (body) => `event: error\ndata: ${body}\n\n` },
  codec: messagesCodec,
};
