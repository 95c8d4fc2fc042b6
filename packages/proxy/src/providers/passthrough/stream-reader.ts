import { LongTexts } from "../../body/long-texts.ts";
import { eventBounds, isIdle } from "../../sse/event-blocks.ts";
import type { UpstreamFault } from "../../upstream-fault.ts";
import type { AnswerError } from "../../wires/answer-error.ts";
import type { AnswerReport } from "../../wires/answer-report.ts";
import { AS_IT_IS, type EventResult, type StreamAnswer } from "../../wires/wire.ts";
import type { AdapterCall, AnswerHead, AnswerSink, Failure } from "../adapter.ts";
import { badAnswer, failureOfFault, failureOfStatus } from "../failure.ts";
import { secretFinder } from "../scrubbed.ts";
import { WholeEvents } from "../whole-events.ts";
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
  readonly #events: WholeEvents;
  readonly #hasSecret: (latin1: string) => boolean;
  /** What has been cut out of the events that are read now. */
  #texts: LongTexts | null = null;
  /** Bytes of model output that were cut out of events, and so are not in the wire's report. */
  #cutBytes = 0;
  readonly #head: HeldHead;
  #over = false;

  /** `resume`: there is room for more bytes after `data` has returned false. */
  constructor(call: AdapterCall, sink: AnswerSink, head: AnswerHead, abort: () => void, resume: () => void) {
    const { lane, secret } = call;
    this.#events = new WholeEvents({
      ...{ lane, secret, resume },
      texts: () => new LongTexts(),
      take: (block, texts) => this.#take(block, texts),
      failed: (error) => this.#fail(badAnswer(200, String(error))),
    });
    this.#secret = secret;
    this.#hasSecret = secretFinder(secret);
    this.#sink = sink;
    this.#abort = abort;
    this.#answer = call.client.answer.stream(call);
    this.#head = new HeldHead((held) => sink.write(held));
    sink.head(head);
  }

  data(chunk: Buffer): boolean {
    if (this.#over) return true;
    const hasRoom = this.#events.push(chunk);
    if (this.#events.heldBytes > EVENT_BYTES_MAX) this.#fail(badAnswer(200, "an event is too large"));
    return hasRoom || this.#over;
  }

  end(): void {
    if (!this.#over) this.#events.end(this.#ended);
  }

  readonly #ended = (): void => {
    if (this.#over) return;
    if (this.#answer.finished) {
      this.#over = true;
      this.#head.release();
      this.#sink.end(this.report());
    } else {
      this.#fail(this.#pending() ?? badAnswer(200, "the stream ended without a finish reason"));
    }
  };

  broken(fault: UpstreamFault): void {
    if (this.#over) return;
    this.#events.settle(() => {
      if (this.#over) return;
      // The response is already complete, so an error of the connection does not matter.
      if (this.#answer.finished && this.report().usage) this.end();
      else this.#fail(this.#pending() ?? failureOfFault(fault));
    });
  }

  stop(): void {
    this.#over = true;
    this.#events.stop();
    this.#head.drop();
  }

  hasOutput(): boolean {
    return this.#answer.hasOutput ?? this.#answer.report().deliveredBytes > 0;
  }

  report(): AnswerReport {
    const report = this.#answer.report();
    return this.#cutBytes === 0 ? report : { ...report, deliveredBytes: report.deliveredBytes + this.#cutBytes };
  }

  #take(block: Buffer, texts: LongTexts | null): boolean {
    if (!texts) return this.#pass(block);
    const before = this.#answer.report().deliveredBytes;
    this.#texts = texts;
    const hasRoom = this.#pass(block);
    this.#texts = null;
    if (this.#answer.report().deliveredBytes > before) this.#cutBytes += texts.cutBytes;
    return hasRoom;
  }

  /** Writes a block of events. Unchanged events that follow each other are written at once. */
  #pass(block: Buffer): boolean {
    const text = block.toString("latin1");
    const isClean = !this.#hasSecret(text);
    let written = 0;
    let hasRoom = true;
    for (const [start, end] of eventBounds(block, text)) {
      if (isIdle(block, start, end)) continue;
      const result = this.#read(block, text, start, end);
      if (this.#over) return true;
      if (result === AS_IT_IS) continue;
      if (start > written) hasRoom = this.#write(block.subarray(written, start), isClean);
      written = end;
      if (result instanceof Uint8Array) hasRoom = this.#write(result, isClean);
      else if (result !== null) {
        this.#fail(this.#failureOf(result));
        return true;
      }
    }
    if (written === block.length) return hasRoom;
    return this.#write(written === 0 ? block : block.subarray(written), isClean);
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

  #write(bytes: Buffer, isClean: boolean): boolean {
    if (this.#texts) return this.#writeLarge(this.#texts.restored(bytes));
    if (!this.#head.isHeld) return this.#sink.write(bytes, isClean);
    this.#head.hold(bytes);
    if (this.#answer.finished || this.hasOutput()) this.#head.release();
    return true;
  }

  #writeLarge(pieces: readonly Buffer[]): boolean {
    this.#head.release();
    let hasRoom = true;
    for (const piece of pieces) hasRoom = this.#sink.write(piece, true);
    return hasRoom;
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
    this.#events.stop();
    this.#head.drop();
    this.#abort();
    this.#sink.fail(failure, this.report());
  }
}
