import type { AnswerNaming, Codec } from "../../codec.ts";
import { type Fields, fieldsOf } from "../../fields.ts";
import { logprobsIn } from "../../logprobs.ts";
import type { TextListener } from "../../text-delta.ts";
import { decodeRequest } from "./decode-request.ts";
import { showsThoughts } from "./decode-thinking.ts";
import { answerIdentity, answerOf, encodeUsage } from "./encode-answer.ts";
import { GenerateStreamEncoder } from "./encode-stream.ts";
import { generateFieldName } from "./field-name.ts";
import { finishReasonOf } from "./finish-reason.ts";
import { PartWriter, partsFor } from "./part-writer.ts";

const configIn = ({ generationConfig, generation_config: other }: Fields): unknown => generationConfig ?? other;

const writerFor = ({ request }: AnswerNaming, onText: TextListener | null): PartWriter =>
  new PartWriter(showsThoughts(configIn(fieldsOf(request))), onText);

/** Translates Google's requests to the AI SDK, and AI SDK results to Google's responses. */
export const generateCodec: Codec = {
  decode: decodeRequest,
  encode(result, naming, use, _bridge, onText) {
    const finishReason = finishReasonOf(result.finishReason);
    if (!finishReason) return null;
    const writer = writerFor(naming, onText);
    const said = result.content.flatMap((part) => partsFor(writer, part));
    const parts = [...said, ...writer.end()];
    const grounding = writer.grounding();
    const usage = use && encodeUsage(use);
    const tokens = logprobsIn(result.content);
    const answer = answerOf(answerIdentity(result.response, naming), { parts, finishReason, grounding, usage, tokens });
    return { text: JSON.stringify(answer), isWhole: finishReason === "STOP" && parts.length > 0 };
  },
  stream: (response, naming, _wantsUsage, _bridge, onText) =>
    new GenerateStreamEncoder(answerIdentity(response, naming), writerFor(naming, onText)),
  fieldName: generateFieldName,
};
