import type { IncomingHttpHeaders } from "node:http";
import { isSlow } from "@tollgate/catalog/operations";
import type { UpstreamCall, UpstreamListener, UpstreamRequest } from "../../upstream.ts";
import { NOTHING_YET } from "../../wires/answer-report.ts";
import { leftOut } from "../../wires/field-differences.ts";
import type { Adapter, AdapterCall, AnswerHead, AnswerSink, Flight } from "../adapter.ts";
import { splitBaseUrl } from "../base-url.ts";
import { badAnswer, failureOfFault, failureOfStatus } from "../failure.ts";
import { ignoredHeader } from "../ignored-header.ts";
import { upstreamTimeouts } from "../upstream-timeouts.ts";
import { usageInError } from "../usage-in-error.ts";
import { BytesReader } from "./bytes-reader.ts";
import { canDecode } from "./decoding.ts";
import { DecodingReader } from "./decoding-reader.ts";
import type { Reader } from "./reader.ts";
import { StreamReader } from "./stream-reader.ts";
import { UnstreamedReader } from "./unstreamed-reader.ts";
import { WholeReader } from "./whole-reader.ts";

/** The provider's response headers that the client gets. All others are dropped. */
const PASSED_HEADERS = ["content-type", "x-request-id", "request-id", "openai-processing-ms", "openai-version"];
/** Types of an error, or of a page in front of the provider. */
const NO_MEDIA = /^(?:application\/json|text\/)/i;
const PARTIAL = 206;
const ERROR_BYTES_MAX = 64 * 1024;

/** For providers that serve the client's wire. Response bytes pass to the client and are read on the way. */
export const passthrough: Adapter = (call, sink) => {
  const passage = new Passage(call, sink);
  const request = outgoing(call);
  const signed = call.sign(request);
  if (signed) signed.then(() => passage.send(request), passage.unsigned);
  else passage.send(request);
  return passage;
};

/**
 * The client's headers are not sent. The provider gets only the headers that are set here, by the wire and by the
 * signer.
 */
function outgoing(call: AdapterCall): UpstreamRequest {
  const { origin, prefix } = splitBaseUrl(call.baseUrl);
  const { path, headers, body } = call.client.send(call);
  headers.push("accept-encoding", "identity", "user-agent", "tollgate");
  return {
    method: "POST",
    origin,
    path: prefix + path,
    headers,
    body,
    isFresh: call.isFresh,
    isSlow: isSlow(call.client.operation),
    ...upstreamTimeouts(call.timeouts),
  };
}

class Passage implements Flight, UpstreamListener {
  readonly #call: AdapterCall;
  readonly #sink: AnswerSink;
  #upstreamCall: UpstreamCall | undefined;
  #reader: Reader | undefined;
  #isAborted = false;
  #status = 0;
  #headers: IncomingHttpHeaders = {};
  #errorBody: Buffer[] = [];
  #errorBytes = 0;

  constructor(call: AdapterCall, sink: AnswerSink) {
    this.#call = call;
    this.#sink = sink;
  }

  send(request: UpstreamRequest): void {
    if (!this.#isAborted) this.#upstreamCall = this.#call.upstream.send(request, this);
  }

  readonly unsigned = (error: unknown): void => {
    if (!this.#isAborted)
      this.#sink.fail({ ...badAnswer(0, String(error)), isOurs: true, mayBeBilled: false }, NOTHING_YET);
  };

  resume(): void {
    this.#reader?.resume?.();
    this.#upstreamCall?.resume();
  }

  readonly #goOn = (): void => this.resume();

  readonly abort = (): void => {
    this.#isAborted = true;
    this.#reader?.stop?.();
    this.#upstreamCall?.abort();
  };

  hasOutput(): boolean {
    return this.#reader?.hasOutput?.() ?? false;
  }

  isSent(): boolean {
    return this.#upstreamCall?.isSent ?? false;
  }

  report(): ReturnType<Flight["report"]> {
    return this.#reader?.report() ?? NOTHING_YET;
  }

  onHead(status: number, headers: IncomingHttpHeaders): void {
    this.#status = status;
    this.#headers = headers;
    if (status < 200 || status > 299) return;
    const passed: Record<string, string> = {};
    for (const name of PASSED_HEADERS) {
      const value = headers[name];
      if (typeof value === "string") passed[name] = value;
    }
    const { body, serving, upstreamModel } = this.#call;
    Object.assign(passed, ignoredHeader(leftOut(body, serving, upstreamModel)));
    const head = { status, headers: passed };
    this.#reader = this.#call.asked.stream
      ? this.#streamReader(head)
      : new WholeReader(this.#call, this.#sink, head, headers, this.abort);
  }

  #streamReader(head: AnswerHead): Reader {
    const { "content-type": type, "content-encoding": encoding = "identity" } = this.#headers;
    const isEvents = type?.startsWith("text/event-stream");
    // Nobody has asked for a part of the audio.
    const isWhole = this.#status !== PARTIAL;
    const isMedia = this.#call.client.answer.bytes !== undefined && !NO_MEDIA.test(type ?? "") && isWhole;
    if (!isEvents && !isMedia) return new UnstreamedReader(this.#call, this.#sink, head, encoding);
    const reader = isEvents
      ? new StreamReader(this.#call, this.#sink, head, this.abort, this.#goOn)
      : new BytesReader(this.#call, this.#sink, head, this.abort);
    if (encoding === "identity") return reader;
    if (canDecode(encoding)) {
      const { upstream } = this.#call;
      const resumeUpstream = (): void => this.#upstreamCall?.resume();
      return new DecodingReader(reader, { upstream, encoding, isEvents: isEvents === true, resumeUpstream });
    }
    reader.broken({ kind: "malformed", internal: `content encoding ${encoding}` });
    return reader;
  }

  onData(chunk: Buffer): boolean {
    if (this.#reader) return this.#reader.data(chunk);
    this.#errorBytes += chunk.length;
    if (this.#errorBytes <= ERROR_BYTES_MAX) this.#errorBody.push(chunk);
    return true;
  }

  onEnd(): void {
    if (this.#reader) {
      this.#reader.end();
      return;
    }
    const body = Buffer.concat(this.#errorBody).toString();
    const refused = { status: this.#status, headers: this.#headers, body, secret: this.#call.secret };
    this.#sink.fail(failureOfStatus(refused), usageInError(this.#call, body));
  }

  onFault(fault: Parameters<UpstreamListener["onFault"]>[0]): void {
    if (this.#reader) this.#reader.broken(fault);
    else this.#sink.fail(failureOfFault(fault), NOTHING_YET);
  }
}
