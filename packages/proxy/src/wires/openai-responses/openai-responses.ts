import { forRepeats } from "../cost-in-usage.ts";
import { openAiError } from "../error-wording.ts";
import type { SurfaceWire } from "../wire.ts";
import { responsesBounds } from "./bound.ts";
import { responsesBridge } from "./bridge.ts";
import { responsesCodec } from "./codec/codec.ts";
import { errorFrames } from "./error-frames.ts";
import { keptResponses } from "./kept.ts";
import { ownIds } from "./own-ids.ts";
import { RESPONSES_PLACES } from "./places.ts";
import { readResponsesRequest } from "./read.ts";
import { sendResponses } from "./send.ts";
import { RESPONSE_IDS, RESPONSES_IDS } from "./stored-ids.ts";
import { ResponsesStreamAnswer } from "./stream-answer.ts";
import { responsesTexts } from "./texts.ts";
import { responsesUsage } from "./usage.ts";
import { readingWholeResponse, wholeResponse } from "./whole-answer.ts";

/** OpenAI's Responses API, as OpenAI and compatible providers serve it. */
export const openAiResponses: SurfaceWire = {
  id: "openai-responses",
  operation: "chat",
  usage: responsesUsage,
  bridge: responsesBridge,
  places: RESPONSES_PLACES,
  storedIds: RESPONSES_IDS,
  read: readResponsesRequest,
  texts: responsesTexts,
  bound: responsesBounds,
  send: sendResponses,
  answer: {
    stream: (context) => new ResponsesStreamAnswer(context),
    whole: wholeResponse,
    readingWhole: readingWholeResponse,
    withOwnIds: (body, seals) => ownIds(body, [], RESPONSE_IDS, seals),
    forRepeats,
  },
  errors: { wording: openAiError, frame: errorFrames },
  codec: responsesCodec,
  kept: keptResponses,
};
