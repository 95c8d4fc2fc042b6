import type { Codec } from "../../codec.ts";
import { decodeResponses } from "./decode-request.ts";
import { encodeResponse } from "./encode-response.ts";
import { ResponsesStreamEncoder } from "./encode-stream.ts";
import { responsesFieldName } from "./field-name.ts";

/** Translates Responses requests to the AI SDK, and AI SDK results to responses. */
export const responsesCodec: Codec = {
  decode: decodeResponses,
  encode: (result, naming, use, _bridge, onText) => encodeResponse(result, naming, use, onText),
  stream: (response, naming, _wantsUsage, _bridge, onText) => new ResponsesStreamEncoder(response, naming, onText),
  fieldName: responsesFieldName,
};
