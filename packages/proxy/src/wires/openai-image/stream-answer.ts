import { dataOf } from "../../sse/event-blocks.ts";
import type { AnswerReport, UsageReport } from "../answer-report.ts";
import { type Fields, isFields } from "../fields.ts";
import { errorIn } from "../openai-chat/error-in.ts";
import { type AnswerContext, AS_IT_IS, type EventResult, type StreamAnswer } from "../wire.ts";

/** The name of an event is in its first characters. */
const NAME_CHARS = 256;
const NAME = /"type"\s*:\s*"([\w.]+)"|^event:\s*([\w.]+)/;

type UsageOf = (usage: unknown, images: number, context: AnswerContext) => UsageReport | null;

/** Reads a stream of images. Events with images are not parsed: they have up to several megabytes of base64. */
export class ImageStreamAnswer implements StreamAnswer {
  readonly #context: AnswerContext;
  readonly #usageOf: UsageOf;
  hasBegun = false;
  readonly #bytes: number;
  #images = 0;
  #usage: UsageReport | null = null;

  /** `bytes`: what an estimate is made from when an image has begun and its usage is not reported. */
  constructor(context: AnswerContext, usageOf: UsageOf, bytes: number) {
    this.#bytes = bytes;
    this.#context = context;
    this.#usageOf = usageOf;
  }

  get finished(): boolean {
    return this.#images >= this.#context.asked.choices;
  }

  report(): AnswerReport {
    return {
      usage: this.#usage,
      deliveredBytes: this.hasBegun ? this.#bytes : 0,
      finished: this.finished,
      isWhole: false,
    };
  }

  event(block: Buffer, latin1: string, start: number, end: number): EventResult {
    const [, type, event = ""] = NAME.exec(latin1.slice(start, Math.min(end, start + NAME_CHARS))) ?? [];
    const name = type ?? event;
    if (name === "error") {
      const data = dataOf(block.subarray(start, end));
      return errorIn(fieldsIn(data), data);
    }
    if (name !== "") this.hasBegun = true;
    if (!name.endsWith(".completed")) return AS_IT_IS;
    this.#images += 1;
    // Each event reports the usage of its own image.
    const usage = this.#usageOf(usageAtEnd(latin1.slice(start, end)), 1, this.#context);
    this.#usage = usage && this.#usage ? { ...usage, use: sum(this.#usage.use, usage.use) } : (usage ?? this.#usage);
    return AS_IT_IS;
  }
}

function usageAtEnd(event: string): unknown {
  const at = event.lastIndexOf('"usage"');
  return at === -1 ? undefined : fieldsIn(`{${event.slice(at).trimEnd()}`).usage;
}

function fieldsIn(text: string): Fields {
  try {
    const json: unknown = JSON.parse(text);
    return isFields(json) ? json : {};
  } catch {
    return {};
  }
}

function sum(a: UsageReport["use"], b: UsageReport["use"]): UsageReport["use"] {
  const both = { ...a };
  for (const [unit, amount] of Object.entries(b)) both[unit] = (both[unit] ?? 0) + (amount ?? 0);
  return both;
}
