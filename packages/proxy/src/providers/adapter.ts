import type { Provider } from "@tollgate/catalog/providers";
import type { ErrorCode } from "@tollgate/contracts/errors";
import type { Tokens } from "@tollgate/contracts/usage-event";
import type { RawJson } from "../body/raw-json.ts";
import type { Upstream } from "../upstream.ts";

/** One attempt at one target. Only `body` and `raw` came from the caller; both are as they shall leave us. */
export interface AdapterCall {
  provider: Provider;
  /** The credential's origin and path prefix, no trailing slash. */
  baseUrl: string;
  /** The provider's name for the model: replaces the one in the body. */
  upstreamModel: string;
  secret: string;
  /** The parsed request (redacted, clamped). Never changed by an adapter. */
  body: Readonly<Record<string, unknown>>;
  /** The same as bytes, the caller's own wherever nothing was changed; to be edited at their top level. */
  raw: RawJson;
  /** A bound on the output that we set, tighter than the caller's if there is one; null: send what the body says. */
  maxOutputTokens: number | null;
  /** Upper bound of the prompt as it leaves us. */
  promptTokensMax: number;
  stream: boolean;
  /** The client asked for the usage chunk of a stream itself; else it is metered and dropped. */
  wantsUsage: boolean;
  /** Decimal dollars to be written into a stream's usage chunk as the number `usage.cost_usd`; null: leave it as it is. */
  costUsd(usage: UsageReport): string | null;
  upstream: Upstream;
  /** Milliseconds since the epoch. */
  now: () => number;
}

export interface AnswerHead {
  status: number;
  /** Already allow-listed and lower-cased; `content-type` is always there. */
  headers: Record<string, string>;
}

/** What is known of an answer's use, at its end or when it was cut off. */
export interface AnswerReport {
  /** null: the provider has said nothing (yet). */
  usage: UsageReport | null;
  /** Bytes (UTF-8) of model output received so far: the base of an estimate when usage is null or partial. */
  deliveredBytes: number;
  /** False until the provider said how the answer ends. */
  finished: boolean;
  /** It ended by itself and said something: not cut by a bound, not filtered, not empty. Only such an answer is cached. */
  isWhole: boolean;
}

export const NOTHING_YET: AnswerReport = { usage: null, deliveredBytes: 0, finished: false, isWhole: false };

export interface UsageReport {
  tokens: Tokens;
  /** e.g. `usage_suspect`; goes on the event's row. */
  flags: readonly string[];
  /** False for the first half of a stream that reports input before output. */
  final: boolean;
}

/** An upstream's failure as data. `message` is public: no secret, no address, no body of the provider but its own error text. */
export interface Failure {
  code: ErrorCode;
  /** What the provider answered; 0 when nothing came. */
  upstreamStatus: number;
  /** What the client is to be told when this is the last attempt. */
  status: number;
  message: string;
  /** The request field at fault, in the client's dialect. */
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

/** Calls a provider and turns what it says into the client's dialect. Never throws: what goes wrong is a `Failure`. */
export type Adapter = (call: AdapterCall, sink: AnswerSink) => Flight;
