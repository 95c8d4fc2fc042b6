import type { AnswerHead, AnswerSink, Failure, Flight } from "./providers/adapter.ts";
import { type AnswerReport, NOTHING_YET } from "./wires/answer-report.ts";

/** Receives an answer, from its first byte. */
export interface AnswerListener {
  /** False: pause until `Answer.resume`. */
  onChunk(chunk: Uint8Array): boolean;
  onEnd(report: AnswerReport): void;
  onFail(failure: Failure, report: AnswerReport): void;
}

/** A provider's answer in the client's wire format. Once it exists, no further attempt is made. */
export interface Answer {
  head: AnswerHead;
  /** The complete answer; null when it is streamed. */
  whole: { body: Buffer; report: AnswerReport } | null;
  /** Passes on the bytes received so far and all later ones. Call once. */
  pour(listener: AnswerListener): void;
  resume(): void;
  abort(): void;
  report(): AnswerReport;
}

export type Arrival = { ok: true; answer: Answer } | { ok: false; failure: Failure; report: AnswerReport };

/** Turns an adapter's callbacks into one event: first byte of a stream, last byte of a whole answer, or failure. */
export class PendingAnswer implements AnswerSink {
  readonly arrival: Promise<Arrival>;
  readonly #arrive: (arrival: Arrival) => void;
  readonly #stream: boolean;
  #flight: Flight | undefined;
  #head: AnswerHead | undefined;
  #chunks: Uint8Array[] = [];
  #listener: AnswerListener | undefined;
  #last: ((listener: AnswerListener) => void) | undefined;
  #isOver = false;

  constructor(stream: boolean) {
    const { promise, resolve } = Promise.withResolvers<Arrival>();
    this.arrival = promise;
    this.#arrive = resolve;
    this.#stream = stream;
  }

  /** Sets the flight that writes to this sink; it may have ended already. */
  follow(flight: Flight): void {
    this.#flight = flight;
  }

  /** The answer is complete or has failed. */
  get isOver(): boolean {
    return this.#isOver;
  }

  head(head: AnswerHead): void {
    this.#head = head;
  }

  write(chunk: Uint8Array): boolean {
    if (this.#listener) return this.#listener.onChunk(chunk);
    this.#chunks.push(chunk);
    if (this.#stream && this.#chunks.length === 1) this.#arrive({ ok: true, answer: this.#answer(null) });
    return true;
  }

  end(report: AnswerReport): void {
    this.#finish((listener) => listener.onEnd(report));
    if (!this.#stream) this.#arrive({ ok: true, answer: this.#answer({ body: joined(this.#chunks), report }) });
    else if (this.#chunks.length === 0) this.#arrive({ ok: true, answer: this.#answer(null) });
  }

  fail(failure: Failure, report: AnswerReport): void {
    this.#finish((listener) => listener.onFail(failure, report));
    if (!this.#stream || this.#chunks.length === 0) this.#arrive({ ok: false, failure, report });
  }

  #finish(last: (listener: AnswerListener) => void): void {
    this.#isOver = true;
    if (this.#listener) last(this.#listener);
    else this.#last = last;
  }

  #answer(whole: Answer["whole"]): Answer {
    return {
      head: this.#head ?? { status: 200, headers: {} },
      whole,
      pour: (listener) => this.#pour(listener),
      resume: () => this.#flight?.resume(),
      abort: () => this.#flight?.abort(),
      report: () => this.#flight?.report() ?? NOTHING_YET,
    };
  }

  #pour(listener: AnswerListener): void {
    this.#listener = listener;
    for (const chunk of this.#chunks.splice(0)) listener.onChunk(chunk);
    this.#last?.(listener);
  }
}

function joined(chunks: readonly Uint8Array[]): Buffer {
  const [only] = chunks;
  return chunks.length === 1 && only instanceof Buffer ? only : Buffer.concat(chunks);
}
