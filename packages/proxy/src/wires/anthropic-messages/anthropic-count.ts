import { NOTHING_USED } from "@tollgate/contracts/usage-event";
import { NOTHING_YET } from "../answer-report.ts";
import type { Fields } from "../fields.ts";
import type { SurfaceWire, WholeAnswer } from "../wire.ts";
import { anthropicMessages } from "./anthropic-messages.ts";
import { messagesBounds } from "./bound.ts";
import { errorIn, isError } from "./error-in.ts";
import { readPrompt } from "./read.ts";

/** A count is free. Its `input_tokens` are those of the prompt that was counted, not usage. */
const FREE = { ...NOTHING_YET, usage: { use: NOTHING_USED, flags: [], final: true }, finished: true };

const whole = (answer: Fields | null): WholeAnswer => ({
  isAnswer: typeof answer?.input_tokens === "number",
  error: answer !== null && isError(answer) ? errorIn(answer, JSON.stringify(answer)) : null,
  report: FREE,
});

/** `POST /v1/messages/count_tokens`: how many tokens a prompt has. Providers other than Anthropic get an estimate. */
export const anthropicCount: SurfaceWire = {
  ...anthropicMessages,
  id: "anthropic-count",
  operation: "count",
  usage: { find: () => undefined, read: () => null },
  bridge: null,
  read: (body) => ({ ...readPrompt(body), maxOutputTokens: 0 }),
  bound: {
    ...messagesBounds,
    promptTokensMax: () => 0,
    hasDocument: () => false,
    usage: () => NOTHING_USED,
    unpricedField: () => null,
  },
  answer: {
    ...anthropicMessages.answer,
    whole,
    *readingWhole(answer) {
      yield;
      return whole(answer);
    },
  },
  codec: null,
  estimate: (body) => ({
    answer: { input_tokens: messagesBounds.promptTokensEstimate(body) },
    fields: ["input_tokens"],
  }),
};
