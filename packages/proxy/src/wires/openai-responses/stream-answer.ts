import type { AnswerError } from "../answer-error.ts";
import type { AnswerReport, UsageReport } from "../answer-report.ts";
import { withCost } from "../cost-in-usage.ts";
import { DONE, readEventJson } from "../event-json.ts";
import { type Fields, isFields } from "../fields.ts";
import { sealedIds } from "../sealed-ids.ts";
import { type AnswerContext, AS_IT_IS, type EventResult, type StreamAnswer } from "../wire.ts";
import { ownIds } from "./own-ids.ts";
import { errorOf } from "./response-error.ts";
import { ResponseTally } from "./response-tally.ts";
import { EVENT_IDS } from "./stored-ids.ts";
import { usageOf } from "./usage.ts";

const RESPONSE_PATH = ["response"];
const USAGE_PATH = ["response", "usage"];

/** Reads the events of a response. */
export class ResponsesStreamAnswer implements StreamAnswer {
  readonly #context: AnswerContext;
  readonly #tally: ResponseTally;
  #usage: UsageReport | null = null;
  /** The status of the response in its last event; null: it has not arrived. */
  #end: "completed" | "incomplete" | null = null;
  /** An `error` event has arrived. Its response, which may have usage, comes after it. */
  pendingError: AnswerError | null = null;

  constructor(context: AnswerContext) {
    this.#context = context;
    this.#tally = new ResponseTally(context.onText);
  }

  get hasBegun(): boolean {
    return this.#tally.hasBegun || this.finished;
  }

  /** An item without text may be encrypted reasoning. */
  get hasOutput(): boolean {
    return this.hasBegun;
  }

  get finished(): boolean {
    return this.#end !== null;
  }

  report(): AnswerReport {
    const { bytes, isRefused } = this.#tally;
    const isWhole = this.#end === "completed" && !isRefused && bytes > 0;
    return { usage: this.#usage, deliveredBytes: bytes, finished: this.finished, isWhole };
  }

  event(block: Buffer, latin1: string, start: number, end: number): EventResult {
    const event = block.subarray(start, end);
    const read = readEventJson(event, latin1.slice(start, end), this.#context.onText !== null);
    if (read === null || read === DONE) return AS_IT_IS;
    const { json, measure } = read;
    const { type } = json;
    if (typeof type !== "string") return isFields(json.error) ? errorOf(exact(event)) : AS_IT_IS;
    if (type.endsWith(".delta")) {
      this.#tally.delta(json, type, measure);
      return AS_IT_IS;
    }
    if (type === "response.output_item.added") this.#tally.hasBegun = true;
    else if (type === "response.output_item.done") this.#tally.itemDone(json, measure);
    else if (type === "error") {
      this.pendingError = errorOf(exact(event));
      return null;
    } else if (isFields(json.response)) return this.#response(type, json.response, event, measure);
    const sent = sealedIds(event, EVENT_IDS, this.#context.sealStored);
    return sent === event ? AS_IT_IS : sent;
  }

  #response(type: string, response: Fields, event: Buffer, measure: (text: string) => number): EventResult {
    const sent = ownIds(event, RESPONSE_PATH, EVENT_IDS, this.#context);
    if (type !== "response.completed" && type !== "response.incomplete" && type !== "response.failed") return sent;
    this.#tally.output(response.output, measure);
    this.#usage = usageOf(response, this.#tally.searches, this.#context) ?? this.#usage;
    if (type === "response.failed") return this.pendingError ?? errorOf(exact(event, "response"));
    this.#end = type === "response.completed" ? "completed" : "incomplete";
    const cost = this.#usage && this.#context.asked.wantsUsage ? this.#context.costUsd(this.#usage) : null;
    return cost === null ? sent : withCost(sent, USAGE_PATH, cost);
  }
}

/** The event's JSON with its texts as sent, or a field of it. */
function exact(event: Buffer, field?: string): Fields {
  const read = readEventJson(event, event.toString("latin1"), true);
  const json = read === null || read === DONE ? {} : read.json;
  const inner = field === undefined ? json : json[field];
  return isFields(inner) ? inner : json;
}
