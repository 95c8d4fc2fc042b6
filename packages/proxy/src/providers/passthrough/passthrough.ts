import type { IncomingHttpHeaders } from "node:http";
import type { UpstreamCall, UpstreamListener } from "../../upstream.ts";
import { outgoingBody, outgoingHeaders, splitBaseUrl } from "../../wires/openai-chat/send.ts";
import { type Adapter, type AdapterCall, type AnswerHead, type AnswerSink, NOTHING_YET } from "../adapter.ts";
import { failureOfFault, failureOfStatus } from "../failure.ts";
import { usageInBody } from "../usage-in-body.ts";
import { canDecode, DecodingReader } from "./decoding-reader.ts";
import type { Reader } from "./reader.ts";
import { StreamReader } from "./stream-reader.ts";
import { WholeReader } from "./whole-reader.ts";

/** Only these of a provider's headers reach a caller. */
const PASSED_HEADERS = ["content-type", "x-request-id", "openai-processing-ms", "openai-version"];
const ERROR_BYTES_MAX = 64 * 1024;

/** Client and provider speak the same dialect: bytes pass as they are, and are read in passing. */
export const passthrough: Adapter = (call, sink) => {
  const { origin, prefix } = splitBaseUrl(call.baseUrl);
  const passage = new Passage(call, sink);
  passage.upstreamCall = call.upstream.post(
    { origin, path: prefix + call.provider.paths.chat, headers: outgoingHeaders(call), body: outgoingBody(call) },
    passage,
  );
  return {
    resume() {
      passage.reader?.resume?.();
      passage.upstreamCall?.resume();
    },
    abort: () => passage.upstreamCall?.abort(),
    isSent: () => passage.upstreamCall?.isSent ?? false,
    report: () => passage.reader?.report() ?? NOTHING_YET,
  };
};

class Passage implements UpstreamListener {
  upstreamCall: UpstreamCall | undefined;
  reader: Reader | undefined;
  readonly #call: AdapterCall;
  readonly #sink: AnswerSink;
  #status = 0;
  #headers: IncomingHttpHeaders = {};
  #errorBody: Buffer[] = [];
  #errorBytes = 0;

  constructor(call: AdapterCall, sink: AnswerSink) {
    this.#call = call;
    this.#sink = sink;
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
    const head = { status, headers: passed };
    this.reader = this.#call.stream
      ? this.#streamReader(head)
      : new WholeReader(this.#call, this.#sink, head, headers, this.#abort);
  }

  readonly #abort = (): void => this.upstreamCall?.abort();

  #streamReader(head: AnswerHead): Reader {
    const reader = new StreamReader(this.#call, this.#sink, head, this.#headers, this.#abort);
    const encoding = this.#headers["content-encoding"] ?? "identity";
    if (encoding === "identity") return reader;
    if (canDecode(encoding)) return new DecodingReader(reader, encoding, () => this.upstreamCall?.resume());
    reader.broken({ kind: "malformed", internal: `content encoding ${encoding}` });
    return reader;
  }

  onData(chunk: Buffer): boolean {
    if (this.reader) return this.reader.data(chunk);
    this.#errorBytes += chunk.length;
    if (this.#errorBytes <= ERROR_BYTES_MAX) this.#errorBody.push(chunk);
    return true;
  }

  onEnd(): void {
    if (this.reader) {
      this.reader.end();
      return;
    }
    const body = Buffer.concat(this.#errorBody).toString();
    const refused = { status: this.#status, headers: this.#headers, body, secret: this.#call.secret };
    this.#sink.fail(failureOfStatus(refused), usageInBody(this.#call, body));
  }

  onFault(fault: Parameters<UpstreamListener["onFault"]>[0]): void {
    if (this.reader) this.reader.broken(fault);
    else this.#sink.fail(failureOfFault(fault), NOTHING_YET);
  }
}
