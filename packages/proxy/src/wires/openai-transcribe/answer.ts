import { parsingAnswer } from "../../body/read-json.ts";
import { LARGE_BYTES, type Steps } from "../../body/steps.ts";
import { dataOf } from "../../sse/event-blocks.ts";
import type { AnswerReport, UsageReport } from "../answer-report.ts";
import { type Fields, fieldsOf, isFields } from "../fields.ts";
import { errorIn } from "../openai-chat/error-in.ts";
import { wholeError } from "../plain/json-answers.ts";
import { pricesTokens } from "../usage/prices-tokens.ts";
import { readUsage } from "../usage/read-usage.ts";
import {
  type AnswerContext,
  type Answers,
  AS_IT_IS,
  type EventResult,
  type StreamAnswer,
  type WholeAnswer,
} from "../wire.ts";
import { transcriptUsage } from "./usage.ts";

/** Formats that are text instead of JSON. */
const TEXT_FORMATS = new Set<unknown>(["text", "srt", "vtt"]);
/** The report is not cut: the length of the audio is not known before. */
const UNCAPPED = { inputTokens: null, outputTokens: null };

/** The usage in an answer. A model that is charged by seconds may report only the length of the audio. */
function usageIn({ usage, duration }: Fields, context: AnswerContext): UsageReport | null {
  const reported = readUsage(transcriptUsage, isFields(usage) ? usage : null, UNCAPPED);
  if (reported || typeof duration !== "number" || !(duration >= 0) || pricesTokens(context)) return reported;
  return { use: { input: 0, output: 0, audioSeconds: Math.ceil(duration) }, flags: [], final: true };
}

const say = (text: unknown, { onText }: AnswerContext): number => {
  if (typeof text !== "string") return 0;
  if (text !== "") onText?.({ choice: 0, path: ["text"], text });
  return Buffer.byteLength(text);
};

function fieldsIn(text: string): Fields | null {
  try {
    const json: unknown = JSON.parse(text);
    return isFields(json) ? json : null;
  } catch {
    return null;
  }
}

/** Reads a transcript that is streamed: deltas, then the whole text with the usage. */
class TranscriptStreamAnswer implements StreamAnswer {
  readonly #context: AnswerContext;
  hasBegun = false;
  finished = false;
  #usage: UsageReport | null = null;
  #bytes = 0;

  constructor(context: AnswerContext) {
    this.#context = context;
  }

  report(): AnswerReport {
    return { usage: this.#usage, deliveredBytes: this.#bytes, finished: this.finished, isWhole: false };
  }

  event(block: Buffer, _latin1: string, start: number, end: number): EventResult {
    const data = dataOf(block.subarray(start, end));
    const json = fieldsIn(data);
    if (!json) return AS_IT_IS;
    if (json.type === "error" || isFields(json.error)) return errorIn(json, data);
    this.hasBegun = true;
    if (json.type === "transcript.text.delta") this.#bytes += say(json.delta, this.#context);
    if (json.type === "transcript.text.done") {
      this.finished = true;
      this.#usage = usageIn(json, this.#context);
    }
    return AS_IT_IS;
  }
}

function read(json: Fields | null, context: AnswerContext): WholeAnswer {
  const deliveredBytes = say(json?.text, context);
  const usage = json && usageIn(json, context);
  return {
    isAnswer: typeof json?.text === "string",
    error: json && wholeError(json),
    report: { usage, deliveredBytes, finished: true, isWhole: false },
  };
}

function* readingBytes(body: Buffer, context: AnswerContext): Steps<WholeAnswer> {
  if (!TEXT_FORMATS.has(fieldsOf(context.body).response_format)) {
    return read(body.length > LARGE_BYTES ? yield* parsingAnswer(body) : fieldsIn(body.toString()), context);
  }
  const text = body.toString();
  // An error is JSON in every format.
  const json = text.startsWith("{") ? fieldsIn(text) : null;
  const error = json && wholeError(json);
  const deliveredBytes = error ? 0 : say(text, context);
  return { isAnswer: true, error, report: { usage: null, deliveredBytes, finished: true, isWhole: false } };
}

export const transcriptAnswers: Answers = {
  stream: (context) => new TranscriptStreamAnswer(context),
  whole: read,
  // biome-ignore lint/correctness/useYield: the fields of a parsed answer take no time.
  *readingWhole(json, context) {
    return read(json, context);
  },
  readingBytes,
  forRepeats: (body) => body,
};
