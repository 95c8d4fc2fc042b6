import type { Upstream } from "../../upstream.ts";
import type { UpstreamFault } from "../../upstream-fault.ts";
import type { AnswerReport } from "../../wires/answer-report.ts";
import { Decoding, type Encoding } from "./decoding.ts";
import type { Reader } from "./reader.ts";

export interface Packed {
  upstream: Upstream;
  encoding: Encoding;
  /** The stream is made of events. */
  isEvents: boolean;
  /** There is room for more compressed bytes. */
  resumeUpstream: () => void;
}

/** Decompresses a stream and passes it to another reader. */
export class DecodingReader implements Reader {
  readonly #inner: Reader;
  readonly #decoding: Decoding;

  constructor(inner: Reader, { upstream, encoding, isEvents, resumeUpstream }: Packed) {
    this.#inner = inner;
    this.#decoding = new Decoding(upstream, encoding, {
      isEvents,
      data: (chunk) => inner.data(chunk),
      end: () => inner.end(),
      broken: (internal) => inner.broken({ kind: "malformed", internal }),
      resumeUpstream,
    });
  }

  data(chunk: Buffer): boolean {
    return this.#decoding.data(chunk);
  }

  resume(): void {
    this.#decoding.resume();
  }

  end(): void {
    this.#decoding.end();
  }

  broken(fault: UpstreamFault): void {
    this.#decoding.stop();
    this.#inner.broken(fault);
  }

  stop(): void {
    this.#decoding.stop();
    this.#inner.stop?.();
  }

  report(): AnswerReport {
    return this.#inner.report();
  }
}
