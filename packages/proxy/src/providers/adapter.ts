import type { Provider } from "@tollgate/catalog/providers";
import type { ErrorCode } from "@tollgate/contracts/errors";
import type { Lane } from "../body/steps.ts";
import type { Upstream } from "../upstream.ts";
import type { AnswerReport } from "../wires/answer-report.ts";
import type { AnswerContext, Change, SurfaceWire, Wire } from "../wires/wire.ts";
import type { Signer } from "./auth/signer.ts";

/** One attempt at one target. `body` and `raw` are the caller's, redacted; an adapter never changes them. */
export interface AdapterCall extends Change, AnswerContext {
  /** The wire the client speaks. */
  client: SurfaceWire;
  /** The wire the provider is called on. */
  wire: Wire;
  provider: Provider;
  /** The credential's origin and path prefix, no trailing slash. */
  baseUrl: string;
  secret: string;
  /** Adds the proof of who calls, by the provider's auth scheme. */
  sign: Signer;
  upstream: Upstream;
  /** Whether the attempt opens a connection of its own: a retry must not fail as the attempt before it did. */
  isFresh: boolean;
  /** Where a large answer is worked on. */
  lane: Lane;
  /** Milliseconds since the epoch. */
  now: () => number;
}

export interface AnswerHead {
  status: number;
  /** Already allow-listed and lower-cased; `content-type` is always there. */
  headers: Record<string, string>;
}

/** An upstream's failure as data. `message` is public: no secret, no address, no body of the provider but its own error text. */
export interface Failure {
  code: ErrorCode;
  /** What the provider answered; 0 when nothing came. */
  upstreamStatus: number;
  /** What the client is to be told when this is the last attempt. */
  status: number;
  message: string;
  /** The request field at fault, in the client's wire. */
  param?: string;
  isRetryable: boolean;
  /**
   * Whether a provider that had the request may charge for it: nothing came back, or something that is no refusal. An
   * error status says that the work was not done.
   */
  mayBeBilled: boolean;
  retryAfterMs: number | null;
  /**
   * It came from our connections and is no fault of the target: all are in use (`full`), or a kept one ended before the
   * first byte of an answer (`stale`), most probably before the request reached it.
   */
  connection?: "full" | "stale";
  /** For the log alone. */
  internal?: string;
}

/**
 * Where an answer goes. Order: `head` once, `write` any number of times, then exactly one of `end` and `fail`; or `fail`
 * alone. While `write` has not been called, another attempt may be made.
 */
export interface AnswerSink {
  head(head: AnswerHead): void;
  /** False: the client is full; the adapter pauses until `Flight.resume`. */
  write(chunk: Uint8Array): boolean;
  end(report: AnswerReport): void;
  fail(failure: Failure, report: AnswerReport): void;
}

export interface Flight {
  resume(): void;
  /** The client left or time is up: closes the upstream at once; the sink hears nothing more. */
  abort(): void;
  /** Whether the provider has had the request, and so may bill it. */
  isSent(): boolean;
  /** The state of things now, for a call that is cut. */
  report(): AnswerReport;
}

/** Calls a provider and turns what it says into the client's wire. Never throws: what goes wrong is a `Failure`. */
export type Adapter = (call: AdapterCall, sink: AnswerSink) => Flight;
