import type { IncomingHttpHeaders } from "node:http";
import { TollgateError } from "@tollgate/contracts/errors";
import { Collected } from "../../body/collected.ts";
import { LongTexts } from "../../body/long-texts.ts";
import { parsingAnswer } from "../../body/read-json.ts";
import { atOnce, inTurns, LARGE_BYTES } from "../../body/steps.ts";
import type { UpstreamFault } from "../../upstream-fault.ts";
import { type AnswerReport, NOTHING_YET, type UsageReport } from "../../wires/answer-report.ts";
import type { WholeAnswer } from "../../wires/wire.ts";
import type { AdapterCall, AnswerHead, AnswerSink } from "../adapter.ts";
import { badAnswer, failureOfFault, failureOfStatus, noMemory } from "../failure.ts";
import { scrubbingBytes } from "../scrubbed.ts";
import { decoded, isPacked } from "./decoded.ts";
import type { Reader } from "./reader.ts";

type Json = Readonly<Record<string, unknown>>;

const PARSED_BYTES_MAX = 64 * 1024 * 1024;
/** Of a response that is not parsed: 2,048 embeddings of 3,072 numbers have 85 MB. */
const UNPARSED_BYTES_MAX = 128 * 1024 * 1024;

/** Reads a response that is not a stream. The client gets it only after it is complete and has been checked. */
export class WholeReader implements Reader {
  readonly #call: AdapterCall;
  readonly #sink: AnswerSink;
  readonly #head: AnswerHead;
  readonly #headers: IncomingHttpHeaders;
  readonly #abort: () => void;
  readonly #collected: Collected;
  #bytes = 0;
  /** The sink is not called any more. */
  #isOver = false;

  constructor(call: AdapterCall, sink: AnswerSink, head: AnswerHead, headers: IncomingHttpHeaders, abort: () => void) {
    this.#call = call;
    this.#sink = sink;
    this.#head = head;
    this.#headers = headers;
    this.#abort = abort;
    this.#collected = new Collected(call.memory, this.#bytesMax);
  }

  data(chunk: Buffer): boolean {
    this.#bytes += chunk.length;
    try {
      if (this.#bytes <= this.#bytesMax) this.#collected.add(chunk);
      else {
        this.#reject("the response is too large", null, true);
        this.#abort();
      }
    } catch (error) {
      this.#failed(error);
      this.#abort();
    }
    return true;
  }

  stop(): void {
    this.#isOver = true;
    this.#collected.end();
  }

  get #bytesMax(): number {
    return this.#call.client.answer.readingBytes ? UNPARSED_BYTES_MAX : PARSED_BYTES_MAX;
  }

  end(): void {
    const { "content-encoding": encoding } = this.#headers;
    if (this.#bytes > LARGE_BYTES || isPacked(encoding)) {
      this.#endInTurns(encoding).catch((error: unknown) => this.#failed(error));
      return;
    }
    const body = this.#collected.bytes();
    const { answer } = this.#call.client;
    this.#deliver(
      body,
      answer.readingBytes ? atOnce(answer.readingBytes(body, this.#call)) : answer.whole(jsonOf(body), this.#call),
    );
  }

  async #endInTurns(encoding: string | undefined): Promise<void> {
    const { lane, secret } = this.#call;
    const body = await decoded(this.#collected, encoding, this.#bytesMax);
    const whole = await this.#reading(body);
    const clean = body && (await inTurns(scrubbingBytes(whole.body ?? body, secret), lane));
    this.#deliver(body, clean ? { ...whole, body: clean } : whole, clean !== null);
  }

  async #reading(body: Buffer | null): Promise<WholeAnswer> {
    const { client, lane } = this.#call;
    const { answer } = client;
    if (body && answer.readingBytes) return inTurns(answer.readingBytes(body, this.#call), lane);
    const texts = new LongTexts();
    const short = body && (await inTurns(texts.cutting(body), lane));
    const json = short && (await inTurns(parsingAnswer(short), lane));
    const whole = await inTurns(answer.readingWhole(json, this.#call), lane);
    const { body: sent, report } = whole;
    // The wire has counted what is left of the texts.
    const deliveredBytes = report.deliveredBytes > 0 ? report.deliveredBytes + texts.cutBytes : 0;
    return {
      ...whole,
      report: { ...report, deliveredBytes },
      ...(sent && { body: await inTurns(texts.restoring(sent), lane) }),
    };
  }

  #deliver(body: Buffer | null, { isAnswer, error, report, body: sent }: WholeAnswer, isClean = false): void {
    this.#collected.end();
    if (this.#isOver) return;
    if (error) {
      // An error is not charged. If the provider reports usage with it, that is charged.
      const failure = failureOfStatus({ ...error, headers: {}, secret: this.#call.secret });
      this.#sink.fail({ ...failure, upstreamStatus: this.#head.status }, { ...NOTHING_YET, usage: report.usage });
      return;
    }
    if (!body || !isAnswer) {
      this.#reject("not a response of this API", report.usage, !body);
      return;
    }
    this.#sink.head(this.#head);
    const { withOwnIds } = this.#call.client.answer;
    const given = sent ?? body;
    this.#sink.write(withOwnIds ? withOwnIds(given, this.#call) : given, isClean);
    this.#sink.end(report);
  }

  broken(fault: UpstreamFault): void {
    this.#collected.drop();
    if (!this.#isOver) this.#sink.fail(failureOfFault(fault), this.report());
  }

  /** Before the response is complete, only the number of its bytes is known. */
  report(): AnswerReport {
    return { ...NOTHING_YET, deliveredBytes: this.#bytes };
  }

  /** `isOurs`: the gateway cannot read it, but another client might. */
  #reject(why: string, usage: UsageReport | null, isOurs: boolean): void {
    this.#collected.end();
    if (!this.#isOver) this.#sink.fail({ ...badAnswer(this.#head.status, why), isOurs }, { ...this.report(), usage });
  }

  /** The response cannot be read, or there is no memory for it. */
  #failed(error: unknown): void {
    if (!(error instanceof TollgateError)) {
      this.#reject(String(error), null, true);
      return;
    }
    this.#collected.end();
    if (!this.#isOver) this.#sink.fail(noMemory(this.#head.status, error), this.report());
  }
}

/** Null: not JSON, or not an object. */
function jsonOf(body: Buffer): Json | null {
  try {
    const json: unknown = JSON.parse(body.toString());
    return typeof json === "object" && json !== null ? (json as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
