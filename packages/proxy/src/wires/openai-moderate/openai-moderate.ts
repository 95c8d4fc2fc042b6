import { NOTHING_USED } from "@tollgate/contracts/usage-event";
import { ordinary } from "../../body/places.ts";
import { openAiError } from "../error-wording.ts";
import type { Fields } from "../fields.ts";
import { jsonAnswers } from "../plain/json-answers.ts";
import { plainBound } from "../plain/plain-bound.ts";
import { plainTexts } from "../plain/plain-texts.ts";
import { sendPlain } from "../plain/send-plain.ts";
import { missing, readModel, refuseModels, wrongType } from "../request-fields.ts";
import type { Asked, SurfaceWire } from "../wire.ts";

/** The model of a request that names none. */
const DEFAULT_MODEL = "omni-moderation-latest";

const texts = plainTexts();

function read(body: Fields): Asked {
  refuseModels(body);
  const { input } = body;
  if (input === undefined || input === null) throw missing("input");
  if (typeof input !== "string" && !Array.isArray(input)) throw wrongType("input", "a string or an array");
  return {
    model: body.model === undefined || body.model === null ? DEFAULT_MODEL : readModel(body),
    stream: false,
    wantsUsage: false,
    maxOutputTokens: 0,
    choices: 1,
    endUser: null,
  };
}

/** OpenAI's moderations. They are free, and report no usage. */
export const openAiModerate: SurfaceWire = {
  id: "openai-moderate",
  operation: "moderate",
  usage: { find: () => undefined, read: () => null },
  bridge: null,
  places: ordinary,
  read,
  texts,
  bound: plainBound(texts, () => ({ input: 0, output: 0 })),
  send: sendPlain,
  answer: jsonAnswers(({ results }) => ({
    isAnswer: Array.isArray(results),
    usage: { use: { ...NOTHING_USED }, flags: [], final: true },
  })),
  errors: { wording: openAiError, frame: (body) => `data: ${body}\n\n` },
  codec: null,
};
