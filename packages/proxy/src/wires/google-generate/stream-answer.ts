import { dataOf } from "../../sse/event-blocks.ts";
import type { AnswerReport, UsageReport } from "../answer-report.ts";
import { withCost } from "../cost-in-usage.ts";
import { DONE, readEventJson } from "../event-json.ts";
import { type Fields, isFields } from "../fields.ts";
import { readUsage } from "../usage/read-usage.ts";
import { usageCap } from "../usage/usage-cap.ts";
import { type AnswerContext, AS_IT_IS, type EventResult, type StreamAnswer } from "../wire.ts";
import { AnswerTally } from "./answer-tally.ts";
import { errorIn, isError } from "./error-in.ts";
import { generateUsage, googleTold, USAGE_FIELDS, withSearches } from "./usage.ts";

const USAGE_PATH = ["usageMetadata"];

/** Reads the events of a stream. Only the usage of the last one is changed: it also gets the cost. */
export class GenerateStreamAnswer implements StreamAnswer {
  readonly #context: AnswerContext;
  readonly #tally: AnswerTally;
  /** Each event has the usage so far. A field that a later event does not have keeps its value. */
  #usage: Fields | null = null;
  #model: unknown;

  constructor(context: AnswerContext) {
    this.#context = context;
    this.#tally = new AnswerTally(context.onText);
  }

  get hasBegun(): boolean {
    return this.#tally.hasBegun;
  }

  get hasOutput(): boolean {
    return this.#tally.hasOutput;
  }

  get finished(): boolean {
    return this.#tally.hasEnd;
  }

  report(): AnswerReport {
    const { bytes, isWhole } = this.#tally;
    return { usage: this.#reported(), deliveredBytes: bytes, finished: this.finished, isWhole };
  }

  event(block: Buffer, latin1: string, start: number, end: number): EventResult {
    const event = block.subarray(start, end);
    const text = latin1.slice(start, end);
    const read = readEventJson(event, text, this.#context.onText !== null);
    if (read === DONE || read === null) return AS_IT_IS;
    const { json, measure } = read;
    const { usageMetadata } = json;
    if (json.modelVersion) this.#model = json.modelVersion;
    if (isFields(usageMetadata)) this.#note(usageMetadata);
    if (isError(json)) return errorIn(json, dataOf(event));
    this.#tally.take(json, measure);
    if (!isFields(usageMetadata)) return AS_IT_IS;
    const report = this.#tally.hasEnd ? this.#reported() : null;
    const cost = report?.final ? this.#context.costUsd(report) : null;
    return cost === null ? AS_IT_IS : withCost(event, USAGE_PATH, cost);
  }

  #note(usage: Fields): void {
    const known: Record<string, unknown> = { ...this.#usage };
    for (const name of USAGE_FIELDS) if ((usage[name] ?? null) !== null) known[name] = usage[name];
    this.#usage = known;
  }

  #reported(): UsageReport | null {
    const read = readUsage(generateUsage.read, this.#usage, usageCap(this.#context));
    const told = googleTold(this.#usage ?? {}, { modelVersion: this.#model });
    return read && { ...withSearches(read, this.#tally.searches), final: this.#tally.hasEnd, told };
  }
}
