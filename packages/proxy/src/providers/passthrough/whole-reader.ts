import type { IncomingHttpHeaders } from "node:http";
import type { UpstreamFault } from "../../upstream-fault.ts";
import {
  type AdapterCall,
  type AnswerHead,
  type AnswerReport,
  type AnswerSink,
  NOTHING_YET,
  type UsageReport,
} from "../adapter.ts";
import { decoded } from "../decoded.ts";
import { badAnswer, failureOfFault } from "../failure.ts";
import { readUsage } from "../usage.ts";
import { usageCap } from "../usage-cap.ts";
import type { Reader } from "./reader.ts";

const BODY_BYTES_MAX = 64 * 1024 * 1024;

/** An answer in one piece: not a byte of it goes out before all of it is here and is what it says. */
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
    this.#reject("answer too large");
    return true;
  }

  end(): void {
    const body = decoded(Buffer.concat(this.#chunks), this.#headers["content-encoding"], BODY_BYTES_MAX);
    const answer = body && completionOf(body);
    if (!answer) {
      this.#reject("no chat completion");
      return;
    }
    const usage = readUsage("openai", answer.usage, usageCap(this.#call));
    this.#sink.head(this.#head);
    this.#sink.write(body);
    this.#sink.end(reportOf(usage, answer.choices));
  }

  broken(fault: UpstreamFault): void {
    this.#sink.fail(failureOfFault(fault), NOTHING_YET);
  }

  report(): AnswerReport {
    return NOTHING_YET;
  }

  #reject(why: string): void {
    this.#sink.fail(badAnswer(this.#head.status, why), NOTHING_YET);
  }
}

/** Null: not JSON, or not what was asked for. */
function completionOf(body: Buffer): { choices: unknown; usage?: unknown } | null {
  try {
    const answer: unknown = JSON.parse(body.toString());
    return typeof answer === "object" && answer !== null && "choices" in answer ? answer : null;
  } catch {
    return null;
  }
}

/** Characters are counted only where the provider forgot to count tokens. */
function reportOf(usage: UsageReport | null, choices: unknown): AnswerReport {
  return { usage, deliveredChars: usage ? 0 : JSON.stringify(choices).length, finished: true };
}
