import type { Codec } from "../../codec.ts";
import { AnswerTally } from "../answer-tally.ts";
import { decodeRequest } from "./decode-request.ts";
import { contentOf, encodeMessage, messageIdentity } from "./encode-message.ts";
import { MessageStreamEncoder } from "./encode-stream.ts";
import { messagesFieldName } from "./field-name.ts";
import { isWholeStop, stopReasonOf } from "./stop-reason.ts";

/** Translates Anthropic's requests to the AI SDK, and AI SDK results to messages. */
export const messagesCodec: Codec = {
  decode: decodeRequest,
  encode(result, naming, use, _bridge, onText) {
    const content = contentOf(result);
    const hasCalls = content.some((block) => "type" in block && block.type === "tool_use");
    const reason = stopReasonOf(result.finishReason, hasCalls);
    if (!reason) return null;
    if (onText) {
      const tally = new AnswerTally(onText);
      for (const [index, block] of content.entries()) tally.take(index, block, Buffer.byteLength);
    }
    const message = encodeMessage(content, messageIdentity(result.response, naming), reason, use);
    return { text: JSON.stringify(message), isWhole: isWholeStop(reason) && content.length > 0 };
  },
  stream: (response, naming, _wantsUsage, _bridge, onText) =>
    new MessageStreamEncoder(messageIdentity(response, naming), onText),
  fieldName: messagesFieldName,
};
