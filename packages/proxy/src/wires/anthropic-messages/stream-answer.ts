import { dataOf } from "../../sse/event-blocks.ts";
import type { AnswerReport, UsageReport } from "../answer-report.ts";
import { withCost } from "../cost-in-usage.ts";
import { DONE, type Measure, readEventJson } from "../event-json.ts";
import { type Fields, isFields } from "../fields.ts";
import { RepeatedEvent } from "../repeated-event.ts";
import { sealedIds } from "../sealed-ids.ts";
import { withTold } from "../told.ts";
import { readUsage } from "../usage/read-usage.ts";
import { usageCap } from "../usage/usage-cap.ts";
import { type AnswerContext, AS_IT_IS, type EventResult, type StreamAnswer } from "../wire.ts";
import { AnswerTally } from "./answer-tally.ts";
import { errorIn, isError } from "./error-in.ts";
import { EVENT_IDS } from "./stored-ids.ts";
import { messagesTold, messagesUsage } from "./usage.ts";

const USAGE_PATH = ["usage"];

/** Reads the events of a streamed message. Only the last usage block is changed: it also gets the cost. */
export class MessagesStreamAnswer implements StreamAnswer {
  readonly #context: AnswerContext;
  readonly #tally: AnswerTally;
  readonly #repeated = new RepeatedEvent();
  /** All usage fields so far: the first event has the prompt's, the last one the output's and totals. */
  #usage: Fields | null = null;
  #report: UsageReport | null = null;
  #model: unknown;
  #isDone = false;

  constructor(context: AnswerContext) {
    this.#context = context;
    this.#tally = new AnswerTally(context.onText);
  }

  get hasBegun(): boolean {
    return this.#tally.hasBegun;
  }

  get finished(): boolean {
    return this.#isDone || this.#tally.hasEnd;
  }

  report(): AnswerReport {
    const { bytes, isWhole } = this.#tally;
    return { usage: this.#report, deliveredBytes: bytes, finished: this.finished, isWhole };
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
    const read = readEventJson(event, text, wantsTexts);
    if (read === DONE || read === null) return AS_IT_IS;
    const { json, measure } = read;
    if (isError(json)) return errorIn(json, dataOf(event));
    return this.#take(json, measure, event, text);
  }

  #take(json: Fields, measure: Measure, event: Buffer, text: string): EventResult {
    switch (json.type) {
      case "content_block_delta": {
        const only = this.#tally.take(json.index, json.delta, measure);
        if (only !== null && this.#context.onText === null) this.#repeated.learn(text, only);
        return AS_IT_IS;
      }
      case "content_block_start":
        this.#tally.take(json.index, json.content_block, measure);
        return this.#own(event);
      case "message_start":
        if (isFields(json.message)) {
          this.#model = json.message.model;
          this.#note(json.message.usage);
        }
        return this.#own(event);
      case "message_delta":
        if (isFields(json.delta)) this.#tally.stop(json.delta.stop_reason);
        this.#note(json.usage);
        return this.#priced(json, event);
      case "message_stop":
        this.#isDone = true;
        return AS_IT_IS;
      default:
        return AS_IT_IS;
    }
  }

  /** A later block repeats or completes an earlier one. Fields that are null or missing keep their value. */
  #note(usage: unknown): void {
    if (!isFields(usage)) return;
    const given = Object.entries(usage).filter(([, value]) => value !== null);
    this.#usage = { ...this.#usage, ...Object.fromEntries(given) };
    const read = readUsage(messagesUsage.read, this.#usage, usageCap(this.#context));
    const report = withTold(read, messagesTold(this.#usage, this.#model));
    if (report) this.#report = { ...report, final: this.#tally.hasEnd };
  }

  #priced({ usage }: Fields, event: Buffer): EventResult {
    const cost = this.#report?.final && isFields(usage) ? this.#context.costUsd(this.#report) : null;
    const own = this.#own(event);
    return cost === null ? own : withCost(own === AS_IT_IS ? event : own, USAGE_PATH, cost);
  }

  /** The event with ids that the client may use. */
  #own(event: Buffer): Buffer | typeof AS_IT_IS {
    const own = sealedIds(event, EVENT_IDS, this.#context.sealStored);
    return own === event ? AS_IT_IS : own;
  }
}
