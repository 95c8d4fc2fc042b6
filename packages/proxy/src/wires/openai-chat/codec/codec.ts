import type { Codec } from "../../codec.ts";
import { visitOutput } from "../visit-output.ts";
import { isWholeEnd } from "../whole-end.ts";
import { chatFieldName } from "./chat-field-name.ts";
import { decodeChat } from "./decode-chat.ts";
import { chatIdentity, encodeChat } from "./encode-chat.ts";
import { ChatStreamEncoder } from "./encode-chat-stream.ts";
import { chatFinishReason } from "./finish-reason.ts";

/** Translates OpenAI's chat requests to the AI SDK, and AI SDK results to chat responses. */
export const chatCodec: Codec = {
  decode: decodeChat,
  encode(result, naming, tokens, bridge, onText) {
    const reason = chatFinishReason(result.finishReason);
    if (!reason) return null;
    const identity = chatIdentity(result.response, naming);
    const answer = encodeChat(result, identity, reason, tokens, bridge);
    if (onText) {
      for (const { index, message } of answer.choices) visitOutput(index, { ...message, images: undefined }, onText);
    }
    return {
      text: JSON.stringify(answer),
      isWhole: isWholeEnd(reason) && result.content.length > 0,
    };
  },
  stream: (response, naming, wantsUsage, bridge, onText) =>
    new ChatStreamEncoder(chatIdentity(response, naming), wantsUsage, bridge, onText),
  fieldName: chatFieldName,
};
