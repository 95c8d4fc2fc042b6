import { createBrotliDecompress, createGunzip, createInflate, createZstdDecompress } from "node:zlib";
import type { Inflow } from "../../inflow.ts";
import type { Upstream } from "../../upstream.ts";

const DECODERS = {
  gzip: createGunzip,
  "x-gzip": createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
  zstd: createZstdDecompress,
} as const;

export type Encoding = keyof typeof DECODERS;

export const canDecode = (encoding: string): encoding is Encoding => Object.hasOwn(DECODERS, encoding);

export interface DecodingListener {
  /** The stream is made of events. */
  isEvents: boolean;
  /** False: there is no room until `Decoding.resume`. */
  data(chunk: Buffer): boolean;
  end(): void;
  broken(internal: string): void;
  /** There is room for more compressed bytes. */
  resumeUpstream(): void;
}

/**
 * Decompresses a stream of a provider that compresses although we ask for no compression. A few compressed bytes may be
 * many events, so what comes out waits for turns too.
 */
export class Decoding {
  readonly #decoder: ReturnType<(typeof DECODERS)[Encoding]>;
  readonly #inflow: Inflow;
  readonly #listener: DecodingListener;

  constructor(upstream: Upstream, encoding: Encoding, listener: DecodingListener) {
    const decoder = DECODERS[encoding]();
    const inflow = upstream.inflow({
      deliver: (chunk) => this.#deliver(chunk),
      pauseConnection: () => void decoder.pause(),
      resumeConnection: () => void decoder.resume(),
    });
    if (listener.isEvents) inflow.readsEvents();
    decoder.on("data", (chunk: Buffer) => inflow.data(chunk));
    decoder.on("drain", () => listener.resumeUpstream());
    decoder.on("end", () => inflow.end(() => listener.end()));
    decoder.on("error", ({ message }) => inflow.end(() => listener.broken(message)));
    this.#listener = listener;
    this.#decoder = decoder;
    this.#inflow = inflow;
  }

  /** Not caught, an error of the reader would end the turns of all streams. */
  #deliver(chunk: Buffer): boolean {
    try {
      return this.#listener.data(chunk);
    } catch (error) {
      this.stop();
      this.#listener.broken(String(error));
      return true;
    }
  }

  /** Takes compressed bytes. False: wait for `resumeUpstream`. */
  data(chunk: Buffer): boolean {
    return this.#decoder.write(chunk);
  }

  resume(): void {
    this.#inflow.resume();
  }

  end(): void {
    this.#decoder.end();
  }

  stop(): void {
    this.#inflow.drop();
    this.#decoder.destroy();
  }
}
