import type { IncomingHttpHeaders } from "node:http";
import { Readable } from "node:stream";
import { type GuardedConnectorOptions, guardedConnector } from "@tollgate/dial/guarded-connector";
import { Agent, type buildConnector, type Dispatcher } from "undici";
import { type Connection, Inflow } from "./inflow.ts";
import { OriginGate, type Waiter } from "./origin-gate.ts";
import type { Turns } from "./turns.ts";
import { type UpstreamFault, upstreamFault } from "./upstream-fault.ts";

export interface UpstreamRequest {
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Scheme, host and port, no slash at the end. */
  origin: string;
  path: string;
  /** Alternating names and values, in lower case, without hop-by-hop headers. */
  headers: string[];
  /**
   * A buffer, pieces that are sent one after the other, or a stream with back-pressure, whose length is in the
   * headers if it is known. Null: no body.
   */
  body: Buffer | readonly Buffer[] | Readable | null;
  /** Uses a new connection instead of a kept-alive one, so that a retry does not fail for the same reason. */
  isFresh: boolean;
  /** The provider may work for minutes before it answers, so the time limits of the settings are longer. */
  isSlow?: boolean;
  /** Time limits of this request in milliseconds, instead of those of the settings. */
  connectTimeoutMs?: number | undefined;
  headerTimeoutMs?: number | undefined;
  idleTimeoutMs?: number | undefined;
}

/** Order of calls: head once, data any number of times, then end or fault; or only fault. */
export interface UpstreamListener {
  onHead(status: number, headers: IncomingHttpHeaders): void;
  /** False: pause until `resume`. */
  onData(chunk: Buffer): boolean;
  onEnd(): void;
  onFault(fault: UpstreamFault): void;
}

export interface UpstreamCall {
  /** True once the request has been written to a connection. */
  readonly isSent: boolean;
  resume(): void;
  /** Closes the connection at once; the listener is not called again. */
  abort(): void;
}

/** All requests to providers go through this: guarded addresses, no redirects, time limits, bounded concurrency. */
export interface Upstream {
  send(request: UpstreamRequest, listener: UpstreamListener): UpstreamCall;
  /** Turns for bytes that do not come from a connection, such as those of a decoder. */
  inflow(connection: Connection): Inflow;
}

/** The upstream of all organisations. */
export interface SharedUpstream {
  /** `orgId`: whose turns of the event loop are used to read the response. */
  send(request: UpstreamRequest, listener: UpstreamListener, orgId: string): UpstreamCall;
  close(): Promise<void>;
}

/**
 * A kept-alive connection that ends later than this after a request was written was not stale: the provider had time to
 * process the request.
 */
const STALE_MS = 1_000;

/** Factor on the time limits of a slow request. */
const SLOW = 5;

export interface UpstreamOptions extends GuardedConnectorOptions {
  headerTimeoutMs: number;
  /** Maximum time between two chunks of a body. */
  idleTimeoutMs: number;
  /** Maximum concurrent calls to one origin. */
  originConcurrency: number;
  /** How long a call waits for its turn. */
  originWaitMs: number;
}

/** The connections and the queue that calls share. */
interface Lines {
  gate: OriginGate;
  turns: Turns;
  dispatch(request: UpstreamRequest, isFresh: boolean, handler: Dispatcher.DispatchHandler): void;
  /** True while a new connection is handed over: a request that starts now starts on the new connection. */
  isConnecting(): boolean;
}

class Call implements UpstreamCall, Waiter, Connection, Dispatcher.DispatchHandler {
  readonly #lines: Lines;
  readonly #request: UpstreamRequest;
  readonly #listener: UpstreamListener;
  readonly #inflow: Inflow;
  #controller: Dispatcher.DispatchController | undefined;
  #isFresh: boolean;
  #isReused = false;
  #sentAt = 0;
  #hasHead = false;
  #aborted = false;
  #connecting: NodeJS.Timeout | undefined;

  constructor(lines: Lines, request: UpstreamRequest, listener: UpstreamListener, orgId: string) {
    this.#lines = lines;
    this.#request = request;
    this.#listener = listener;
    this.#inflow = new Inflow(lines.turns, orgId, this);
    this.#isFresh = request.isFresh;
  }

  get isSent(): boolean {
    return this.#controller !== undefined;
  }

  start(): void {
    const { connectTimeoutMs: ms } = this.#request;
    if (ms !== undefined) this.#connecting ??= setTimeout(() => this.#notConnected(ms), ms);
    this.#lines.dispatch(this.#request, this.#isFresh, this);
  }

  /** The request has not been written, and is dropped when its turn on a connection comes. */
  #notConnected(ms: number): void {
    if (this.isSent || this.#aborted) return;
    this.#aborted = true;
    this.#listener.onFault({ kind: "connect_timeout", internal: `no connection after ${ms} ms` });
  }

  expired(): void {
    this.#listener.onFault({ kind: "full", internal: `no free connection to ${this.#request.origin}` });
  }

  resume(): void {
    this.#inflow.resume();
  }

  pauseConnection(): void {
    this.#controller?.pause();
  }

  resumeConnection(): void {
    this.#controller?.resume();
  }

  abort(): void {
    this.#aborted = true;
    clearTimeout(this.#connecting);
    this.#inflow.drop();
    if (!this.#lines.gate.cancel(this.#request.origin, this)) this.#controller?.abort(new Error("aborted"));
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    clearTimeout(this.#connecting);
    this.#isReused = !this.#lines.isConnecting();
    this.#sentAt = performance.now();
    if (this.#aborted) controller.abort(new Error("aborted"));
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders): void {
    this.#hasHead = true;
    if (status < 200 || this.#aborted) return;
    if (headers["content-type"]?.startsWith("text/event-stream")) this.#inflow.readsEvents();
    try {
      this.#listener.onHead(status, headers);
    } catch (error) {
      this.#unreadable(error);
    }
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#inflow.data(chunk);
  }

  deliver(chunk: Buffer): boolean {
    try {
      return this.#listener.onData(chunk);
    } catch (error) {
      this.#unreadable(error);
      return true;
    }
  }

  onResponseEnd(): void {
    this.#lines.gate.leave(this.#request.origin);
    this.#inflow.end(() => {
      try {
        this.#listener.onEnd();
      } catch (error) {
        this.#aborted = true;
        this.#listener.onFault(unreadable(error));
      }
    });
  }

  /** A listener that throws is not called again by undici, so the call would wait until its deadline. */
  #unreadable(error: unknown): void {
    this.abort();
    this.#listener.onFault(unreadable(error));
  }

  onResponseError(_controller: Dispatcher.DispatchController | null, error: Error): void {
    const { body } = this.#request;
    const fault = body instanceof Readable && body.errored ? brokenBody(body.errored) : upstreamFault(error);
    const isReset = fault.kind === "reset";
    if (isReset && !this.isSent && !this.#isFresh && !this.#aborted && !(body instanceof Readable)) {
      // The kept-alive connection closed before the request was written, so it is safe to send it again. A stream
      // cannot be sent twice.
      this.#isFresh = true;
      this.start();
      return;
    }
    this.#lines.gate.leave(this.#request.origin);
    clearTimeout(this.#connecting);
    if (this.#aborted) return;
    // The connection probably closed before the request arrived, but the provider may have received it.
    const isStale = isReset && this.#isReused && !this.#hasHead && performance.now() - this.#sentAt < STALE_MS;
    this.#inflow.end(() => this.#listener.onFault(isStale ? { ...fault, kind: "stale" } : fault));
  }
}

const INTERNAL_CHARS_MAX = 300;

const unreadable = (error: unknown): UpstreamFault => ({
  kind: "malformed",
  internal: `the response cannot be read: ${String(error).slice(0, INTERNAL_CHARS_MAX)}`,
});

/** An error of the body's sender, which is not a fault of the provider. */
const brokenBody = ({ message }: Error): UpstreamFault => ({ kind: "aborted", internal: `the body ended: ${message}` });

const isPieces = (body: UpstreamRequest["body"]): body is readonly Buffer[] => Array.isArray(body);
const lengthOf = (pieces: readonly Buffer[]): number => pieces.reduce((sum, { length }) => sum + length, 0);

export function openUpstream(options: UpstreamOptions, turns: Turns): SharedUpstream {
  const { headerTimeoutMs: headersTimeout, idleTimeoutMs: bodyTimeout } = options;
  const connector = guardedConnector(options);
  let isConnecting = false;
  const connect: buildConnector.connector = (to, callback) => {
    connector(to, (...connected) => {
      isConnecting = true;
      try {
        callback(...connected);
      } finally {
        isConnecting = false;
      }
    });
  };
  const common = { connect, headersTimeout, bodyTimeout, allowH2: false };
  const kept = new Agent({ ...common, keepAliveTimeout: 30_000 });
  const fresh = new Agent({ ...common, pipelining: 0 });
  const lines: Lines = {
    gate: new OriginGate(options.originConcurrency, options.originWaitMs),
    turns,
    dispatch(request, isFresh, handler) {
      const { method, origin, path, headers, body, isSlow = false, headerTimeoutMs, idleTimeoutMs } = request;
      const agent = isFresh ? fresh : kept;
      const sized = isPieces(body) ? [...headers, "content-length", String(lengthOf(body))] : headers;
      // The types of undici do not list iterables of buffers, which it accepts.
      const sent = body as Buffer | Readable | null;
      const factor = isSlow ? SLOW : 1;
      const limits = {
        headersTimeout: headerTimeoutMs ?? factor * headersTimeout,
        bodyTimeout: idleTimeoutMs ?? factor * bodyTimeout,
      };
      agent.dispatch({ origin, path, method, headers: sized, body: sent, ...limits }, handler);
    },
    isConnecting: () => isConnecting,
  };
  return {
    send(request, listener, orgId) {
      const call = new Call(lines, request, listener, orgId);
      lines.gate.enter(request.origin, call);
      return call;
    },
    async close() {
      await Promise.all([kept.destroy(), fresh.destroy()]);
    },
  };
}
