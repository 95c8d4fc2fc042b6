import { Collected } from "../../body/collected.ts";
import type { UpstreamFault } from "../../upstream-fault.ts";
import { NOTHING_YET } from "../../wires/answer-report.ts";
import type { AdapterCall, AnswerHead, AnswerSink } from "../adapter.ts";
import { badAnswer, failureOfFault, failureOfStatus } from "../failure.ts";
import { usageInError } from "../usage-in-error.ts";
import { decoded } from "./decoded.ts";
import type { Reader } from "./reader.ts";

const BODY_BYTES_MAX = 64 * 1024;

/** Reads a body that is not an event stream although one was asked for. It may be an error. */
export class UnstreamedReader implements Reader {
  readonly #call: AdapterCall;
  readonly #sink: AnswerSink;
  readonly #head: AnswerHead;
  readonly #encoding: string | undefined;
  readonly #collected: Collected;
  #isStopped = false;

  constructor(call: AdapterCall, sink: AnswerSink, head: AnswerHead, encoding: string | undefined) {
    this.#call = call;
    this.#sink = sink;
    this.#head = head;
    this.#encoding = encoding;
    this.#collected = new Collected(call.memory, BODY_BYTES_MAX);
  }

  data(chunk: Buffer): boolean {
    if (this.#collected.length + chunk.length <= BODY_BYTES_MAX) this.#collected.add(chunk);
    return true;
  }

  end(): void {
    const body = decoded(this.#collected, this.#encoding, BODY_BYTES_MAX);
    body.then((bytes) => this.#finish(bytes?.toString() ?? "")).catch(() => this.#finish(""));
  }

  stop(): void {
    this.#isStopped = true;
    this.#collected.end();
  }

  #finish(body: string): void {
    this.#collected.end();
    if (this.#isStopped) return;
    const error = errorIn(this.#call, body);
    const failure = error ? failureOfStatus({ ...error, headers: {}, secret: this.#call.secret }) : null;
    this.#sink.fail(failure ?? badAnswer(this.#head.status, "not an event stream"), usageInError(this.#call, body));
  }

  broken(fault: UpstreamFault): void {
    this.#collected.end();
    this.#sink.fail(failureOfFault(fault), NOTHING_YET);
  }

  report(): typeof NOTHING_YET {
    return NOTHING_YET;
  }
}

function errorIn(call: AdapterCall, body: string) {
  try {
    const json: unknown = JSON.parse(body);
    if (typeof json !== "object" || json === null || Array.isArray(json)) return null;
    return call.client.answer.whole(json as Record<string, unknown>, call).error;
  } catch {
    return null;
  }
}
