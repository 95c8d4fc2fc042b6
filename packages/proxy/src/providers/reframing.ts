import type { AnswerReport } from "../wires/answer-report.ts";
import type { StreamFraming } from "../wires/stream-framing.ts";
import type { Adapter, AnswerHead, AnswerSink, Failure } from "./adapter.ts";

/** Wraps an adapter and writes its streams in another form than events, for requests whose wire asks for that. */
export const reframing =
  (adapter: Adapter): Adapter =>
  (call, sink) => {
    const framing = call.client.framing?.(call.asked);
    return adapter(call, framing ? new ReframingSink(sink, framing) : sink);
  };

/** An adapter writes whole events only, so each chunk can be framed by itself. */
class ReframingSink implements AnswerSink {
  readonly #sink: AnswerSink;
  readonly #framing: StreamFraming;
  readonly #open: ReturnType<StreamFraming["open"]>;

  constructor(sink: AnswerSink, framing: StreamFraming) {
    this.#sink = sink;
    this.#framing = framing;
    this.#open = framing.open();
  }

  head(head: AnswerHead): void {
    this.#sink.head({ ...head, headers: { ...head.headers, "content-type": this.#framing.contentType } });
  }

  write(chunk: Uint8Array, isClean = false): boolean {
    const text = this.#open.events(chunk instanceof Buffer ? chunk : Buffer.from(chunk));
    return text === "" || this.#sink.write(Buffer.from(text), isClean);
  }

  end(report: AnswerReport): void {
    this.#sink.write(Buffer.from(this.#open.end()), true);
    this.#sink.end(report);
  }

  fail(failure: Failure, report: AnswerReport): void {
    this.#sink.fail(failure, report);
  }
}
