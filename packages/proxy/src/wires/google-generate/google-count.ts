import { NOTHING_USED } from "@tollgate/contracts/usage-event";
import { NOTHING_YET } from "../answer-report.ts";
import { type Fields, fieldsOf, isFields } from "../fields.ts";
import { jsonHeaders, rewritten } from "../json-request.ts";
import { wrongValue } from "../request-fields.ts";
import type { Asked, Change, Outgoing, RequestTarget, SurfaceWire, WholeAnswer } from "../wire.ts";
import { generateBounds } from "./bound.ts";
import { errorIn, isError } from "./error-in.ts";
import { googleGenerate } from "./google-generate.ts";
import { named, objectIn, spelling } from "./names.ts";
import { COUNT_PLACES } from "./places.ts";
import { checkPrompt } from "./read.ts";
import { COUNT_IDS } from "./stored-ids.ts";
import { modelField, modelOf, pathOf } from "./target.ts";
import { withoutCarried } from "./without-carried.ts";

/** A count is free. Its tokens are those of the prompt that was counted, not usage. */
const FREE = { ...NOTHING_YET, usage: { use: NOTHING_USED, flags: [], final: true }, finished: true };
/** A whole request, whose instruction and tools are counted too. */
const WHOLE = "generateContentRequest";

const whole = (answer: Fields | null): WholeAnswer => ({
  isAnswer: typeof answer?.totalTokens === "number",
  error: answer !== null && isError(answer) ? errorIn(answer, JSON.stringify(answer)) : null,
  report: FREE,
});

function read(given: Fields, target: RequestTarget): Asked {
  const body = named(given);
  const isWhole = (body[WHOLE] ?? null) !== null;
  if (isWhole && (body.contents ?? null) !== null) throw wrongValue("contents", `absent: ${WHOLE} has them`);
  checkPrompt(isWhole ? objectIn(body, WHOLE) : body);
  return {
    model: modelOf(target),
    stream: false,
    wantsUsage: false,
    maxOutputTokens: 0,
    choices: 1,
    endUser: null,
  };
}

function send({ asked, body: given, raw, serving, upstreamModel }: Change): Outgoing {
  const body = fieldsOf(given);
  const edits: Record<string, string> = {};
  const name = spelling(body, WHOLE);
  const request = body[name];
  if (isFields(request)) {
    const contents = withoutCarried(request.contents);
    edits[name] = JSON.stringify({ ...request, model: modelField(upstreamModel), contents });
  } else {
    const contents = withoutCarried(body.contents);
    if (contents !== body.contents) edits.contents = JSON.stringify(contents);
  }
  return { path: pathOf(serving.path, upstreamModel), headers: jsonHeaders(asked), body: rewritten(raw, edits) };
}

/** Google's `countTokens`: how many tokens a prompt has. Other providers get an estimate. */
export const googleCount: SurfaceWire = {
  ...googleGenerate,
  id: "google-count",
  operation: "count",
  usage: { find: () => undefined, read: () => null },
  bridge: null,
  places: COUNT_PLACES,
  storedIds: COUNT_IDS,
  read,
  bound: {
    ...generateBounds,
    promptTokensMax: () => 0,
    hasDocument: () => false,
    usage: () => NOTHING_USED,
    unpricedField: () => null,
  },
  send,
  answer: {
    ...googleGenerate.answer,
    whole,
    *readingWhole(answer) {
      yield;
      return whole(answer);
    },
  },
  codec: null,
  estimate: (body) => ({
    answer: { totalTokens: generateBounds.promptTokensEstimate(body) },
    fields: ["totalTokens"],
  }),
};
