import { forRepeats } from "../cost-in-usage.ts";
import { googleError } from "../error-wording.ts";
import type { SurfaceWire } from "../wire.ts";
import { arrayFraming } from "./array-framing.ts";
import { generateBounds } from "./bound.ts";
import { googleBridge } from "./bridge/bridge.ts";
import { generateCodec } from "./codec/codec.ts";
import { GENERATE_PLACES } from "./places.ts";
import { ARRAY, readGenerateRequest } from "./read.ts";
import { sendGenerate } from "./send.ts";
import { GENERATE_IDS } from "./stored-ids.ts";
import { GenerateStreamAnswer } from "./stream-answer.ts";
import { generateTexts } from "./texts.ts";
import { generateUsage } from "./usage.ts";
import { readingWholeGenerated, wholeGenerated } from "./whole-answer.ts";

/** Google's `generateContent` and `streamGenerateContent`. */
export const googleGenerate: SurfaceWire = {
  id: "google-generate",
  operation: "chat",
  usage: generateUsage,
  bridge: googleBridge,
  places: GENERATE_PLACES,
  storedIds: GENERATE_IDS,
  read: readGenerateRequest,
  texts: generateTexts,
  bound: generateBounds,
  send: sendGenerate,
  answer: {
    stream: (context) => new GenerateStreamAnswer(context),
    whole: wholeGenerated,
    readingWhole: readingWholeGenerated,
    forRepeats,
  },
  errors: { wording: googleError, frame: (body) => `data: ${body}\r\n\r\n` },
  framing: ({ variant }) => (variant === ARRAY ? arrayFraming : null),
  codec: generateCodec,
};
