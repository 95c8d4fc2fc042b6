import type { CredentialPolicy } from "@tollgate/contracts/grant";
import type { AnswerReport } from "../wires/answer-report.ts";
import type { Adapter, AdapterCall, AnswerHead, AnswerSink, Failure } from "./adapter.ts";
import { splitBaseUrl } from "./base-url.ts";
import { bytesScrubber, scrubbedText } from "./scrubbed.ts";
import { shownFailure } from "./without-addresses.ts";

/**
 * Wraps an adapter and removes the credential's secret from response headers, response bodies and errors, and addresses from
 * errors.
 */
export const scrubbing =
  (adapter: Adapter): Adapter =>
  (call, sink) =>
    adapter(call, new ScrubbingSink(sink, call));

interface Scrubber {
  secret: string;
  scrub: (bytes: Buffer) => Buffer;
}

/** The last scrubber of each policy object of a credential. Only a token changes during the life of such an object. */
const scrubbers = new WeakMap<CredentialPolicy, Scrubber>();

function scrubberOf(credential: CredentialPolicy, secret: string): Scrubber["scrub"] {
  const last = scrubbers.get(credential);
  if (last?.secret === secret) return last.scrub;
  const scrub = bytesScrubber(secret);
  scrubbers.set(credential, { secret, scrub });
  return scrub;
}

class ScrubbingSink implements AnswerSink {
  readonly #sink: AnswerSink;
  readonly #secret: string;
  readonly #baseUrl: string;
  readonly #scrub: (bytes: Buffer) => Buffer;

  constructor(sink: AnswerSink, { secret, credential, baseUrl }: AdapterCall) {
    this.#sink = sink;
    this.#secret = secret;
    this.#baseUrl = baseUrl;
    this.#scrub = scrubberOf(credential, secret);
  }

  head(head: AnswerHead): void {
    const { hostname } = splitBaseUrl(this.#baseUrl);
    for (const name in head.headers) {
      const value = head.headers[name] ?? "";
      if ((this.#secret !== "" && value.includes(this.#secret)) || value.includes(hostname)) delete head.headers[name];
    }
    this.#sink.head(head);
  }

  write(chunk: Uint8Array, isClean = false): boolean {
    if (isClean || this.#secret === "") return this.#sink.write(chunk);
    const bytes = chunk instanceof Buffer ? chunk : Buffer.from(chunk);
    return this.#sink.write(this.#scrub(bytes));
  }

  end(report: AnswerReport): void {
    this.#sink.end(report);
  }

  fail(failure: Failure, report: AnswerReport): void {
    const scrub = (text: string): string => scrubbedText(text, this.#secret);
    const shown = shownFailure(failure, this.#baseUrl);
    const { message, param, internal } = shown;
    this.#sink.fail(
      {
        ...shown,
        message: scrub(message),
        ...(param !== undefined && { param: scrub(param) }),
        ...(internal !== undefined && { internal: scrub(internal) }),
      },
      report,
    );
  }
}
