import type { IncomingHttpHeaders } from "node:http";
import { dataOf, EventBlocks, eventBounds } from "../../sse/event-blocks.ts";
import type { UpstreamFault } from "../../upstream-fault.ts";
import { AnswerTally } from "../../wires/openai-chat/answer-tally.ts";
import { type ChatChunk, DONE, readChunk } from "../../wires/openai-chat/chunk.ts";
import { failureOfError, isError } from "../../wires/openai-chat/error-in.ts";
import { RepeatedChunk } from "../../wires/openai-chat/repeated-chunk.ts";
import { usageCap } from "../../wires/openai-chat/usage-cap.ts";
import { withCost } from "../../wires/openai-chat/with-cost.ts";
import { readUsage } from "../../wires/usage/read-usage.ts";
import type { AdapterCall, AnswerHead, AnswerReport, AnswerSink, Failure, UsageReport } from "../adapter.ts";
import { badAnswer, failureOfFault } from "../failure.ts";
import type { Reader } from "./reader.ts";

const EVENT_BYTES_MAX = 1024 * 1024;
const AS_IT_IS = "as it is";

/** Chat completion chunks. Bytes pass whole event by whole event; each event is parsed for what it says of the answer. */
export class StreamReader implements Reader {
  readonly #call: AdapterCall;
  readonly #sink: AnswerSink;
  readonly #abort: () => void;
  readonly #blocks = new EventBlocks();
  readonly #tally = new AnswerTally();
  readonly #repeated = new RepeatedChunk();
  #usage: UsageReport | null = null;
  #isDone = false;
  #over = false;

  constructor(call: AdapterCall, sink: AnswerSink, head: AnswerHead, headers: IncomingHttpHeaders, abort: () => void) {
    this.#call = call;
    this.#sink = sink;
    this.#abort = abort;
    if (headers["content-type"]?.startsWith("text/event-stream")) sink.head(head);
    else this.#fail(badAnswer(head.status, "no event stream"));
  }

  get #finished(): boolean {
    return this.#isDone || this.#tally.hasEnd;
  }

  data(chunk: Buffer): boolean {
    if (this.#over) return true;
    const block = this.#blocks.push(chunk);
    if (this.#blocks.heldBytes > EVENT_BYTES_MAX) this.#fail(badAnswer(200, "event too large"));
    return block === null || this.#over || this.#pass(block);
  }

  end(): void {
    if (this.#over) return;
    const rest = this.#blocks.rest();
    if (rest.length > 0) this.#pass(rest);
    if (this.#over) return;
    if (this.#finished) {
      this.#over = true;
      this.#sink.end(this.report());
    } else {
      this.#fail(badAnswer(200, "stream ended without an end"));
    }
  }

  broken(fault: UpstreamFault): void {
    if (this.#over) return;
    // The answer is complete; how the connection went down does not matter any more.
    if (this.#finished && this.#usage) this.end();
    else this.#fail(failureOfFault(fault));
  }

  report(): AnswerReport {
    const { bytes, isWhole } = this.#tally;
    const usage = this.#usage && { ...this.#usage, final: this.#finished || this.#usage.final };
    return { usage, deliveredBytes: bytes, finished: this.#finished, isWhole };
  }

  /** Writes a block as it came, unless one of its events is left out or changed. */
  #pass(block: Buffer): boolean {
    const text = block.toString("latin1");
    let written = 0;
    let hasRoom = true;
    for (const [start, end] of eventBounds(block, text)) {
      const read = this.#read(block, text, start, end);
      if (read === AS_IT_IS) continue;
      if (start > written) hasRoom = this.#sink.write(block.subarray(written, start));
      written = end;
      if (read instanceof Uint8Array) hasRoom = this.#sink.write(read);
      else if (read !== null) {
        this.#fail(read);
        return true;
      }
    }
    if (written === block.length) return hasRoom;
    return this.#sink.write(written === 0 ? block : block.subarray(written));
  }

  /**
   * What is to be sent of an event: all of it, nothing of a usage chunk that the client did not ask for; or its error.
   * `latin1` is the block with a character for each byte.
   */
  #read(block: Buffer, latin1: string, start: number, end: number): typeof AS_IT_IS | Buffer | Failure | null {
    const text = latin1.slice(start, end);
    const length = this.#repeated.textLength(text);
    if (length !== null) {
      this.#tally.bytes += length;
      return AS_IT_IS;
    }
    const event = block.subarray(start, end);
    const chunk = readChunk(event, text);
    if (chunk === DONE) this.#isDone = true;
    if (chunk === DONE || chunk === null) return AS_IT_IS;
    const { json, measure } = chunk;
    const reported = json.usage ?? groqUsage(json);
    const usage = reported ? readUsage("openai", reported, usageCap(this.#call)) : null;
    if (usage) this.#usage = usage;
    if (isError(json)) {
      const failure = failureOfError(json, dataOf(event), this.#call.secret);
      // As the first thing the provider says it is a refusal; later it may charge for what it has done.
      return { ...failure, mayBeBilled: failure.mayBeBilled || this.#tally.hasBegun };
    }
    const said = this.#tally.take(json.choices, measure);
    if (!usage) {
      if (said !== null) this.#repeated.learn(text, said);
      return AS_IT_IS;
    }
    const isExtra = Array.isArray(json.choices) && json.choices.length === 0;
    // Some providers report with each chunk what it has cost up to there, or the prompt with the first one.
    if (!isExtra) this.#usage = { ...usage, final: false };
    if (!this.#call.wantsUsage) return isExtra ? null : AS_IT_IS;
    const cost = this.#call.costUsd(usage);
    return cost === null ? AS_IT_IS : withCost(event, cost);
  }

  #fail(failure: Failure): void {
    this.#over = true;
    this.#abort();
    this.#sink.fail(failure, this.report());
  }
}

function groqUsage({ x_groq: groq }: ChatChunk["json"]): unknown {
  return typeof groq === "object" && groq !== null && "usage" in groq ? groq.usage : undefined;
}
