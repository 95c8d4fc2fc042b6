import type { IncomingHttpHeaders } from "node:http";
import { parsingAnswer } from "../../body/read-json.ts";
import { inTurns, LARGE_BYTES } from "../../body/steps.ts";
import type { UpstreamFault } from "../../upstream-fault.ts";
import { type AnswerReport, NOTHING_YET, type UsageReport } from "../../wires/answer-report.ts";
import type { WholeAnswer } from "../../wires/wire.ts";
import type { AdapterCall, AnswerHead, AnswerSink } from "../adapter.ts";
import { badAnswer, failureOfFault, failureOfStatus } from "../failure.ts";
import { decoded, isPacked } from "./decoded.ts";
import type { Reader } from "./reader.ts";

type Json = Readonly<Record<string, unknown>>;

const BODY_BYTES_MAX = 64 * 1024 * 1024;

/** Reads a response that is not a stream. The client gets it only after it is complete and has been checked. */
export class WholeReader implements Reader {
  readonly #call: AdapterCall;
  readonly #sink: AnswerSink;
  readonly #head: AnswerHead;
  readonly #headers: IncomingHttpHeaders;
  readonly #abort: () => void;
  readonly #chunks: Buffer[] = [];
  #bytes = 0;

  constructor(call: AdapterCall, sink: AnswerSink, head: AnswerHead, headers: IncomingHttpHeaders, abort: () => void) {
    this.#call = call;
    this.#sink = sink;
    this.#head = head;
    this.#headers = headers;
    this.#abort = abort;
  }

  data(chunk: Buffer): boolean {
    this.#bytes += chunk.length;
    this.#chunks.push(chunk);
    if (this.#bytes <= BODY_BYTES_MAX) return true;
    this.#abort();
    this.#reject("the response is too large", null);
    return true;
  }

  end(): void {
    const { "content-encoding": encoding } = this.#headers;
    if (this.#bytes > LARGE_BYTES || isPacked(encoding)) {
      this.#endInTurns(encoding).catch((error: unknown) => this.#reject(String(error), null));
      return;
    }
    const body = joined(this.#chunks);
    this.#deliver(body, this.#call.client.answer.whole(jsonOf(body), this.#call));
  }

  async #endInTurns(encoding: string | undefined): Promise<void> {
    const { client, lane } = this.#call;
    const body = await decoded(this.#chunks, encoding, BODY_BYTES_MAX, lane);
    const answer = body && (await inTurns(parsingAnswer(body), lane));
    this.#deliver(body, await inTurns(client.answer.readingWhole(answer, this.#call), lane));
  }

  #deliver(body: Buffer | null, { isAnswer, error, report }: WholeAnswer): void {
    if (error) {
      // An error is not charged. If the provider reports usage with it, that is charged.
      const failure = failureOfStatus({ ...error, headers: {}, secret: this.#call.secret });
      this.#sink.fail({ ...failure, upstreamStatus: this.#head.status }, { ...NOTHING_YET, usage: report.usage });
      return;
    }
    if (!body || !isAnswer) {
      this.#reject("not a response of this API", report.usage);
      return;
    }
    this.#sink.head(this.#head);
    const { withOwnIds } = this.#call.client.answer;
    this.#sink.write(withOwnIds ? withOwnIds(body, this.#call) : body);
    this.#sink.end(report);
  }

  broken(fault: UpstreamFault): void {
    this.#sink.fail(failureOfFault(fault), this.report());
  }

  /** Before the response is complete, only the number of its bytes is known. */
  report(): AnswerReport {
    return { ...NOTHING_YET, deliveredBytes: this.#bytes };
  }

  #reject(why: string, usage: UsageReport | null): void {
    this.#sink.fail(badAnswer(this.#head.status, why), { ...this.report(), usage });
  }
}

const joined = (chunks: readonly Buffer[]): Buffer =>
  chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks);

/** Null: not JSON, or not an object. */
function jsonOf(body: Buffer): Json | null {
  try {
    const json: unknown = JSON.parse(body.toString());
    return typeof json === "object" && json !== null ? (json as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
