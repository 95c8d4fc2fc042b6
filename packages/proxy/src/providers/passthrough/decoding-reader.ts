import { createBrotliDecompress, createGunzip, createInflate, createZstdDecompress } from "node:zlib";
import type { UpstreamFault } from "../../upstream-fault.ts";
import type { AnswerReport } from "../../wires/answer-report.ts";
import type { Reader } from "./reader.ts";

const DECODERS = {
  gzip: createGunzip,
  "x-gzip": createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
  zstd: createZstdDecompress,
} as const;

export type Encoding = keyof typeof DECODERS;

export const canDecode = (encoding: string): encoding is Encoding => Object.hasOwn(DECODERS, encoding);

export const openDecoder = (encoding: Encoding): ReturnType<(typeof DECODERS)[Encoding]> => DECODERS[encoding]();

/**
 * Decompresses a stream and passes it to another reader. For providers that compress although we ask for no
 * compression.
 */
export class DecodingReader implements Reader {
  readonly #inner: Reader;
  readonly #decoder: ReturnType<typeof openDecoder>;

  /** `resumeUpstream` is called when there is room for more compressed bytes. */
  constructor(inner: Reader, encoding: Encoding, resumeUpstream: () => void) {
    this.#inner = inner;
    this.#decoder = openDecoder(encoding);
    this.#decoder.on("data", (chunk: Buffer) => {
      if (!inner.data(chunk)) this.#decoder.pause();
    });
    this.#decoder.on("drain", resumeUpstream);
    this.#decoder.on("end", () => inner.end());
    this.#decoder.on("error", (error) => inner.broken({ kind: "malformed", internal: error.message }));
  }

  data(chunk: Buffer): boolean {
    return this.#decoder.write(chunk);
  }

  resume(): void {
    this.#decoder.resume();
  }

  end(): void {
    this.#decoder.end();
  }

  broken(fault: UpstreamFault): void {
    this.#decoder.destroy();
    this.#inner.broken(fault);
  }

  stop(): void {
    this.#decoder.destroy();
    this.#inner.stop?.();
  }

  report(): AnswerReport {
    return this.#inner.report();
  }
}
