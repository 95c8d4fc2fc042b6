import type { Provider } from "@tollgate/catalog/providers";
import type { PauseReason } from "@tollgate/contracts/credential-pause";
import type { ErrorCode } from "@tollgate/contracts/errors";
import type { CredentialPolicy } from "@tollgate/contracts/grant";
import type { Lane } from "../body/steps.ts";
import type { BodyShare } from "../body-memory.ts";
import type { AttemptTimeouts } from "../routing/timeouts.ts";
import type { Upstream } from "../upstream.ts";
import type { AnswerReport } from "../wires/answer-report.ts";
import type { AnswerContext, Change, SurfaceWire, Wire } from "../wires/wire.ts";
import type { Signable } from "./auth/signer.ts";

/**
 * One attempt at one target. `body` and `raw` are the client's request after redaction. An adapter does not change
 * them.
 */
export interface AdapterCall extends Change, AnswerContext {
  /** The wire of the client's request. */
  client: SurfaceWire;
  /** The wire of the request to the provider. */
  wire: Wire;
  provider: Provider;
  /** The credential's origin and path prefix, without a trailing slash. */
  baseUrl: string;
  /** What the provider gets of the credential's secret. */
  secret: string;
  /** The policy of the credential to which the secret belongs. */
  credential: CredentialPolicy;
  /** Adds the secret to the request, as the credential's auth scheme requires. */
  sign: (request: Signable) => void | Promise<void>;
  upstream: Upstream;
  timeouts: AttemptTimeouts;
  /** Whether the attempt opens a new connection, so that a retry does not fail for the same reason. */
  isFresh: boolean;
  /** Its turns are used to process a large response. */
  lane: Lane;
  /** The gateway keeps the response, because the provider stores none. Null: it does not. */
  keeps: { id: string; take: (response: Buffer) => void } | null;
  /** The id of the kept response that the call continues; null: none. */
  previousId: string | null;
  /** Where the memory of a large response is reserved. */
  memory: BodyShare;
  /** Milliseconds since the epoch. */
  now: () => number;
}

export interface AnswerHead {
  status: number;
  /** Only allowed headers, with names in lower case. */
  headers: Record<string, string>;
}

/**
 * A failure of an attempt. The client may see `message`: it contains the provider's error text at most, and no secret,
 * no address and no other part of the response body.
 */
export interface Failure {
  code: ErrorCode;
  /** The status of the provider's response; 0 if there was no response. */
  upstreamStatus: number;
  /** The status for the client if this is the last attempt. */
  status: number;
  message: string;
  /** The request field that caused the failure, in the client's wire. */
  param?: string;
  /** The provider's own code, of a refusal of the request. */
  providerCode?: string;
  /** What the model wrote that its provider could not read as a tool call. */
  failedGeneration?: string;
  isRetryable: boolean;
  /** The provider refuses the content of the request. Another provider may not. */
  isContentRefusal?: boolean;
  /**
   * The target itself is wrong for the request, such as a model that its provider does not have, or whose limit is smaller
   * than the request: only another target can answer.
   */
  isOfTarget?: boolean;
  /**
   * The credential's account is at fault: all targets with the credential are paused. `forMs` null: for an unknown time.
   * `words`: only these words of the provider say so, not its code or status.
   */
  pause?: { reason: PauseReason; forMs: number | null; words?: string };
  /** Only the gateway cannot use the response, such as one that is too large. It says nothing about the target. */
  isOurs?: boolean;
  /**
   * Whether the provider may charge for the request. True if the request may have been processed: there was no
   * response, a timeout, or a response that is not an error. False for any other error status.
   */
  mayBeBilled: boolean;
  retryAfterMs: number | null;
  /**
   * Set if the cause is one of our connections and not the target. `full`: all connections are in use. `stale`: a
   * kept-alive connection ended before the first byte of a response, probably before the request arrived.
   */
  connection?: "full" | "stale";
  /** Details for the log. The client does not see them. */
  internal?: string;
}

/**
 * Receives a response. Order of calls: `head` once, `write` any number of times, then `end` or `fail` once; or only
 * `fail`. Another attempt is possible as long as `write` has not been called.
 */
export interface AnswerSink {
  head(head: AnswerHead): void;
  /**
   * False: the client reads too slowly. The adapter pauses until `Flight.resume`. `isClean`: the credential's secret has
   * been removed already.
   */
  write(chunk: Uint8Array, isClean?: boolean): boolean;
  end(report: AnswerReport): void;
  fail(failure: Failure, report: AnswerReport): void;
}

/** A call to a provider that has started. */
export interface Flight {
  resume(): void;
  /** Closes the connection to the provider at once. The sink is not called again. */
  abort(): void;
  /** Whether the model has said something, in a stream. Absent: it answers at once. */
  hasOutput?(): boolean;
  /** Whether the request was sent, so that the provider may bill it. */
  isSent(): boolean;
  /** What is known so far, for a call that is cut off. */
  report(): AnswerReport;
}

/** Calls a provider and returns its response in the client's wire. Does not throw: errors are a `Failure`. */
export type Adapter = (call: AdapterCall, sink: AnswerSink) => Flight;
