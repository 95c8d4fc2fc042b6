import { EventBlocks, eventBounds, isIdle } from "../../sse/event-blocks.ts";
import type { UpstreamFault } from "../../upstream-fault.ts";
import type { AnswerError } from "../../wires/answer-error.ts";
import type { AnswerReport } from "../../wires/answer-report.ts";
import { AS_IT_IS, type EventResult, type StreamAnswer } from "../../wires/wire.ts";
import type { AdapterCall, AnswerHead, AnswerSink, Failure } from "../adapter.ts";
import { badAnswer, failureOfFault, failureOfStatus } from "../failure.ts";
import { HeldHead } from "./held-head.ts";
import type { Reader } from "./reader.ts";

/** A generated image comes in one event. */
const EVENT_BYTES_MAX = 32 * 1024 * 1024;
const INTERNAL_CHARS_MAX = 300;

/** Reads an event stream. Only whole events pass to the client. The wire reads each of them before. */
export class StreamReader implements Reader {
  readonly #secret: string;
  readonly #sink: AnswerSink;
  readonly #abort: () => void;
  readonly #answer: StreamAnswer;
  readonly #blocks = new EventBlocks();
  readonly #head: HeldHead;
  #over = false;

  constructor(call: AdapterCall, sink: AnswerSink, head: AnswerHead, abort: () => void) {
    this.#secret = call.secret;
    this.#sink = sink;
    this.#abort = abort;
    this.#answer = call.client.answer.stream(call);
    this.#head = new HeldHead((held) => sink.write(held));
    sink.head(head);
  }

  data(chunk: Buffer): boolean {
    if (this.#over) return true;
    const block = this.#blocks.push(chunk);
    if (this.#blocks.heldBytes > EVENT_BYTES_MAX)
      this.#fail({ ...badAnswer(200, "an event is too large"), isOurs: true });
    return block === null || this.#over || this.#pass(block);
  }

  end(): void {
    if (this.#over) return;
    const rest = this.#blocks.rest();
    if (rest.length > 0) this.#pass(rest);
    if (this.#over) return;
    if (this.#answer.finished) {
      this.#over = true;
      this.#head.release();
      this.#sink.end(this.report());
    } else {
      this.#fail(this.#pending() ?? badAnswer(200, "the stream ended without a finish reason"));
    }
  }

  broken(fault: UpstreamFault): void {
    if (this.#over) return;
    // The response is already complete, so an error of the connection does not matter.
    if (this.#answer.finished && this.report().usage) this.end();
    else this.#fail(this.#pending() ?? failureOfFault(fault));
  }

  stop(): void {
    this.#over = true;
    this.#head.drop();
  }

  report(): AnswerReport {
    return this.#answer.report();
  }

  /** Writes a block of events. Unchanged events that follow each other are written at once. */
  #pass(block: Buffer): boolean {
    const text = block.toString("latin1");
    let written = 0;
    let hasRoom = true;
    for (const [start, end] of eventBounds(block, text)) {
      if (isIdle(block, start, end)) continue;
      const result = this.#read(block, text, start, end);
      if (this.#over) return true;
      if (result === AS_IT_IS) continue;
      if (start > written) hasRoom = this.#write(block.subarray(written, start));
      written = end;
      if (result instanceof Uint8Array) hasRoom = this.#write(result);
      else if (result !== null) {
        this.#fail(this.#failureOf(result));
        return true;
      }
    }
    if (written === block.length) return hasRoom;
    return this.#write(written === 0 ? block : block.subarray(written));
  }

  /** A wire may throw for an event that is not JSON. Not caught, it would end the process. */
  #read(block: Buffer, text: string, start: number, end: number): EventResult {
    try {
      return this.#answer.event(block, text, start, end);
    } catch (error) {
      this.#fail(badAnswer(200, `an event cannot be read: ${String(error).slice(0, INTERNAL_CHARS_MAX)}`));
      return null;
    }
  }

  #write(bytes: Buffer): boolean {
    if (!this.#head.isHeld) return this.#sink.write(bytes);
    this.#head.hold(bytes);
    const { finished, hasOutput } = this.#answer;
    if (finished || (hasOutput ?? this.#answer.report().deliveredBytes > 0)) this.#head.release();
    return true;
  }

  /** An error before any output is a refusal. After output, the provider may charge for it. */
  #failureOf(error: AnswerError): Failure {
    const failure = failureOfStatus({ ...error, headers: {}, secret: this.#secret });
    return { ...failure, mayBeBilled: failure.mayBeBilled || this.#answer.hasBegun };
  }

  #pending(): Failure | null {
    const { pendingError } = this.#answer;
    return pendingError ? this.#failureOf(pendingError) : null;
  }

  #fail(failure: Failure): void {
    this.#over = true;
    this.#head.drop();
    this.#abort();
    this.#sink.fail(failure, this.report());
  }
}
