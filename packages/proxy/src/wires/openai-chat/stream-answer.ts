import { dataOf } from "../../sse/event-blocks.ts";
import type { AnswerReport, UsageReport } from "../answer-report.ts";
import { withCost } from "../cost-in-usage.ts";
import { DONE, readEventJson } from "../event-json.ts";
import type { Fields } from "../fields.ts";
import { RepeatedEvent } from "../repeated-event.ts";
import { openAiTold, toldService, withTold } from "../told.ts";
import { readUsage } from "../usage/read-usage.ts";
import { usageCap } from "../usage/usage-cap.ts";
import { type AnswerContext, AS_IT_IS, type EventResult, type StreamAnswer } from "../wire.ts";
import { AnswerTally } from "./answer-tally.ts";
import { errorIn, isError } from "./error-in.ts";
import { cites, withUncountedSearch } from "./uncounted-search.ts";
import { chatUsage } from "./usage.ts";

const USAGE_PATH = ["usage"];

/** Reads chat completion chunks. A usage chunk that the client did not ask for is removed from the stream. */
export class ChatStreamAnswer implements StreamAnswer {
  readonly #context: AnswerContext;
  readonly #tally: AnswerTally;
  readonly #repeated = new RepeatedEvent();
  #usage: UsageReport | null = null;
  #tier: unknown;
  #isCiting = false;

  constructor(context: AnswerContext) {
    this.#context = context;
    this.#tally = new AnswerTally(context.onText);
  }

  get hasBegun(): boolean {
    return this.#tally.hasBegun;
  }

  /** A stream that ends with [DONE] but without a finish reason is not complete. */
  get finished(): boolean {
    return this.#tally.hasEnd;
  }

  report(): AnswerReport {
    const { bytes, isWhole } = this.#tally;
    const { finished } = this;
    const read = this.#usage && { ...this.#usage, final: finished || this.#usage.final };
    const usage = withUncountedSearch(read, this.#isCiting, this.#context);
    const told = { tier: toldService(this.#tier) };
    return { usage, deliveredBytes: bytes, finished, isWhole, told };
  }

  event(block: Buffer, latin1: string, start: number, end: number): EventResult {
    const text = latin1.slice(start, end);
    const wantsTexts = this.#context.onText !== null;
    const length = wantsTexts ? null : this.#repeated.textLength(text);
    if (length !== null) {
      this.#tally.bytes += length;
      return AS_IT_IS;
    }
    const event = block.subarray(start, end);
    const chunk = readEventJson(event, text, wantsTexts);
    if (chunk === DONE || chunk === null) return AS_IT_IS;
    const { json, measure } = chunk;
    const reported = json.usage ?? groqUsage(json);
    // Not every chunk names the tier or has citations.
    this.#isCiting ||= cites(json.choices);
    if (json.service_tier) this.#tier = json.service_tier;
    const usage = reported ? this.#read(reported, json.model) : null;
    if (usage) this.#usage = usage;
    if (isError(json)) return errorIn(json, dataOf(event));
    const onlyText = this.#tally.take(json.choices, measure);
    if (!usage) {
      if (onlyText !== null && !wantsTexts) this.#repeated.learn(text, onlyText);
      return AS_IT_IS;
    }
    const isExtra = Array.isArray(json.choices) && json.choices.length === 0;
    // Some providers report usage so far in each chunk, or the prompt's usage in the first chunk.
    if (!isExtra) this.#usage = { ...usage, final: false };
    if (!this.#context.asked.wantsUsage) return isExtra ? null : AS_IT_IS;
    const cost = this.#context.costUsd(withUncountedSearch(usage, this.#isCiting, this.#context) ?? usage);
    return cost === null ? AS_IT_IS : withCost(event, USAGE_PATH, cost);
  }

  #read(reported: unknown, model: unknown): UsageReport | null {
    const usage = readUsage(chatUsage.read, reported, usageCap(this.#context));
    return withTold(usage, openAiTold(reported, { service_tier: this.#tier, model }));
  }
}

function groqUsage({ x_groq: groq }: Fields): unknown {
  return typeof groq === "object" && groq !== null && "usage" in groq ? groq.usage : undefined;
}
