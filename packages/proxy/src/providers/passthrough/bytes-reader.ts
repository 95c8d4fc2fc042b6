import type { UpstreamFault } from "../../upstream-fault.ts";
import type { AnswerReport } from "../../wires/answer-report.ts";
import { NOTHING_YET } from "../../wires/answer-report.ts";
import type { AdapterCall, AnswerHead, AnswerSink, Failure } from "../adapter.ts";
import { badAnswer, failureOfFault } from "../failure.ts";
import type { Reader } from "./reader.ts";

/** Passes a stream that is not made of events, such as audio, as its bytes arrive. */
export class BytesReader implements Reader {
  readonly #call: AdapterCall;
  readonly #sink: AnswerSink;
  readonly #abort: () => void;
  #hasBytes = false;
  #over = false;

  constructor(call: AdapterCall, sink: AnswerSink, head: AnswerHead, abort: () => void) {
    this.#call = call;
    this.#sink = sink;
    this.#abort = abort;
    sink.head(head);
  }

  data(chunk: Buffer): boolean {
    if (this.#over) return true;
    this.#hasBytes = true;
    return this.#sink.write(chunk);
  }

  end(): void {
    if (this.#over) return;
    if (!this.#hasBytes) {
      this.#fail(badAnswer(200, "the response is empty"));
      return;
    }
    this.#over = true;
    this.#sink.end(this.#report(true));
  }

  broken(fault: UpstreamFault): void {
    if (!this.#over) this.#fail(failureOfFault(fault));
  }

  hasOutput(): boolean {
    return this.#hasBytes;
  }

  report(): AnswerReport {
    return this.#report(false);
  }

  #report(finished: boolean): AnswerReport {
    return this.#call.client.answer.bytes?.(this.#call, finished) ?? NOTHING_YET;
  }

  #fail(failure: Failure): void {
    this.#over = true;
    this.#abort();
    this.#sink.fail(failure, this.report());
  }
}
