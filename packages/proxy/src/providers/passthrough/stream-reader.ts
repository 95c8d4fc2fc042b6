import type { IncomingHttpHeaders } from "node:http";
import { dataOf, EventBlocks, eventsOf } from "../../sse/event-blocks.ts";
import type { UpstreamFault } from "../../upstream-fault.ts";
import type { AdapterCall, AnswerHead, AnswerReport, AnswerSink, Failure, UsageReport } from "../adapter.ts";
import { badAnswer, failureOfFault, failureOfStatus } from "../failure.ts";
import { readUsage } from "../usage.ts";
import { usageCap } from "../usage-cap.ts";
import type { Reader } from "./reader.ts";
import { withCost } from "./with-cost.ts";

const EVENT_BYTES_MAX = 1024 * 1024;
const ENDING = /"finish_reason": ?"|(?:^|[\r\n])data: ?\[DONE\]/;
/** A delta's text, whatever the field: `content`, `reasoning_content`, a tool call's `arguments`. */
const TEXT_MARKS = ['content":"', 'arguments":"'];

/**
 * Chat completion chunks. Bytes pass whole event by whole event; one is parsed only if it may hold usage or an error,
 * which a look at its bytes tells.
 */
export class StreamReader implements Reader {
  readonly #call: AdapterCall;
  readonly #sink: AnswerSink;
  readonly #abort: () => void;
  readonly #blocks = new EventBlocks();
  #usage: UsageReport | null = null;
  #deliveredChars = 0;
  #finished = false;
  #over = false;

  constructor(call: AdapterCall, sink: AnswerSink, head: AnswerHead, headers: IncomingHttpHeaders, abort: () => void) {
    this.#call = call;
    this.#sink = sink;
    this.#abort = abort;
    if (headers["content-type"]?.startsWith("text/event-stream")) sink.head(head);
    else this.#fail(badAnswer(head.status, "no event stream"));
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
    // What was to be said has been said; how the connection went down does not matter any more.
    if (this.#finished && this.#usage) this.end();
    else this.#fail(failureOfFault(fault));
  }

  report(): AnswerReport {
    return { usage: this.#usage, deliveredChars: this.#deliveredChars, finished: this.#finished };
  }

  #pass(block: Buffer): boolean {
    const text = block.toString("latin1");
    if (!this.#finished) this.#finished = ENDING.test(text);
    if (mayHoldUsage(text) || text.includes('"error"')) return this.#passParsed(block);
    this.#deliveredChars += textLength(text);
    return this.#sink.write(block);
  }

  #passParsed(block: Buffer): boolean {
    let hasRoom = true;
    for (const event of eventsOf(block)) {
      const bytes = this.#read(event);
      if (this.#over) return true;
      this.#deliveredChars += textLength(event.toString("latin1"));
      if (bytes) hasRoom = this.#sink.write(bytes);
    }
    return hasRoom;
  }

  /** What is to be sent of an event: all of it, or nothing of a usage chunk nobody asked for. */
  #read(event: Buffer): Buffer | null {
    const chunk = parse(dataOf(event));
    if (!chunk) return event;
    if (!this.#finished) this.#finished = isFinished(chunk);
    if (typeof chunk.error === "object" && chunk.error !== null) {
      const status = "code" in chunk.error ? Number(chunk.error.code) : 0;
      const body = JSON.stringify(chunk);
      const { secret } = this.#call;
      this.#fail(failureOfStatus({ status: status >= 400 && status < 600 ? status : 500, headers: {}, body, secret }));
      return null;
    }
    const usage = readUsage("openai", chunk.usage, usageCap(this.#call));
    if (!usage) return event;
    this.#usage = usage;
    const isExtra = Array.isArray(chunk.choices) && chunk.choices.length === 0;
    if (!this.#call.wantsUsage) return isExtra ? null : event;
    const cost = this.#call.costUsd(usage);
    return cost === null ? event : withCost(event, cost);
  }

  #fail(failure: Failure): void {
    this.#over = true;
    this.#abort();
    this.#sink.fail(failure, this.report());
  }
}

/** OpenAI says `"usage":null` in every chunk but the last. */
function mayHoldUsage(text: string): boolean {
  const at = text.indexOf('"usage":');
  if (at === -1) return text.includes('"usage"');
  return (
    text.indexOf('"usage":', at + 8) !== -1 || !(text.startsWith("null", at + 8) || text.startsWith(" null", at + 8))
  );
}

function textLength(text: string): number {
  let length = 0;
  for (const mark of TEXT_MARKS) {
    for (let at = text.indexOf(mark); at !== -1; at = text.indexOf(mark, at)) {
      const start = at + mark.length;
      at = text.indexOf('"', start);
      while (at !== -1 && text[at - 1] === "\\") at = text.indexOf('"', at + 1);
      if (at === -1) break;
      length += at - start;
    }
  }
  return length;
}

function parse(data: string): Record<string, unknown> | null {
  if (!data.startsWith("{")) return null;
  try {
    return JSON.parse(data) as Record<string, unknown>;
  } catch {
    return null;
  }
}

const isFinished = ({ choices }: Record<string, unknown>): boolean =>
  Array.isArray(choices) && choices.some((choice: { finish_reason?: unknown } | null) => choice?.finish_reason);
