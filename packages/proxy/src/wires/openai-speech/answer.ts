import { dataOf } from "../../sse/event-blocks.ts";
import type { AnswerReport, UsageReport } from "../answer-report.ts";
import { type Fields, fieldsOf, isFields } from "../fields.ts";
import { errorIn } from "../openai-chat/error-in.ts";
import { pricesTokens } from "../usage/prices-tokens.ts";
import { readUsage } from "../usage/read-usage.ts";
import { usageCap } from "../usage/usage-cap.ts";
import { type AnswerContext, type Answers, AS_IT_IS, type EventResult, type StreamAnswer } from "../wire.ts";
import { charactersIn, speechTokens } from "./read.ts";

/** Tokens are estimated from bytes of text, four for each. */
const BYTES_PER_TOKEN = 4;

/** What is known without a report: the characters, and for a model that is charged by tokens an estimate of those. */
function unreported(context: AnswerContext, finished: boolean): AnswerReport {
  const body = fieldsOf(context.body);
  const use = { input: 0, output: 0, characters: charactersIn(body) };
  const usage: UsageReport | null = pricesTokens(context) ? null : { use, flags: [], final: true };
  return { usage, deliveredBytes: BYTES_PER_TOKEN * speechTokens(body), finished, isWhole: false };
}

/** Reads speech as events. The last one reports the usage. */
class SpeechStreamAnswer implements StreamAnswer {
  readonly #context: AnswerContext;
  hasBegun = false;
  finished = false;
  #usage: UsageReport | null = null;

  constructor(context: AnswerContext) {
    this.#context = context;
  }

  report(): AnswerReport {
    const known = unreported(this.#context, this.finished);
    return this.#usage ? { ...known, usage: this.#usage } : known;
  }

  event(block: Buffer, latin1: string, start: number, end: number): EventResult {
    const text = latin1.slice(start, end);
    // Events with audio are not parsed.
    if (text.includes('"speech.audio.delta"')) {
      this.hasBegun = true;
      return AS_IT_IS;
    }
    const data = dataOf(block.subarray(start, end));
    const json = fieldsIn(data);
    if (json.type === "error" || isFields(json.error)) return errorIn(json, data);
    if (json.type !== "speech.audio.done") return AS_IT_IS;
    this.finished = true;
    const characters = charactersIn(fieldsOf(this.#context.body));
    const read = (counts: Parameters<typeof tokens>[0]) => ({ ...tokens(counts), characters });
    this.#usage = readUsage(read, json.usage, usageCap(this.#context));
    return AS_IT_IS;
  }
}

const tokens = (counts: { get(...names: string[]): number }) => ({
  input: counts.get("input_tokens"),
  output: counts.get("output_tokens"),
});

function fieldsIn(data: string): Fields {
  try {
    const json: unknown = JSON.parse(data);
    return isFields(json) ? json : {};
  } catch {
    return {};
  }
}

const noWhole = (): never => {
  throw new Error("speech is always a stream");
};

export const speechAnswers: Answers = {
  stream: (context) => new SpeechStreamAnswer(context),
  bytes: unreported,
  whole: noWhole,
  readingWhole: noWhole,
  forRepeats: (body) => body,
};
