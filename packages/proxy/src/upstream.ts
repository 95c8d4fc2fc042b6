import type { IncomingHttpHeaders } from "node:http";
import { type GuardedConnectorOptions, guardedConnector } from "@tollgate/dial/guarded-connector";
import { Agent, type Dispatcher } from "undici";
import { type UpstreamFault, upstreamFault } from "./upstream-fault.ts";

export interface UpstreamRequest {
  /** Scheme, host and port, no slash at the end. */
  origin: string;
  path: string;
  /** Name, value, name, value: lower case, nothing hop-by-hop. */
  headers: string[];
  body: Buffer;
}

/** Order: head once, data any number of times, then end or fault; or fault alone. */
export interface UpstreamListener {
  onHead(status: number, headers: IncomingHttpHeaders): void;
  /** False: no more until `resume`. */
  onData(chunk: Buffer): boolean;
  onEnd(): void;
  onFault(fault: UpstreamFault): void;
}

export interface UpstreamCall {
  /** True once a connection was there and the request went out on it. */
  readonly isSent: boolean;
  resume(): void;
  /** Closes the connection at once; the listener hears nothing more. */
  abort(): void;
}

/** The only way out to a provider: guarded addresses, no redirects, time limits. */
export interface Upstream {
  post(request: UpstreamRequest, listener: UpstreamListener): UpstreamCall;
  close(): Promise<void>;
}

export interface UpstreamOptions extends GuardedConnectorOptions {
  headerTimeoutMs: number;
  /** Silence between two chunks of a body. */
  idleTimeoutMs: number;
  connectionsPerOriginMax?: number;
}

class Call implements UpstreamCall, Dispatcher.DispatchHandler {
  readonly #listener: UpstreamListener;
  #controller: Dispatcher.DispatchController | undefined;
  #aborted = false;

  constructor(listener: UpstreamListener) {
    this.#listener = listener;
  }

  get isSent(): boolean {
    return this.#controller !== undefined;
  }

  resume(): void {
    this.#controller?.resume();
  }

  abort(): void {
    this.#aborted = true;
    this.#controller?.abort(new Error("aborted"));
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#aborted) controller.abort(new Error("aborted"));
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders): void {
    if (status >= 200 && !this.#aborted) this.#listener.onHead(status, headers);
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (!this.#aborted && !this.#listener.onData(chunk)) controller.pause();
  }

  onResponseEnd(): void {
    if (!this.#aborted) this.#listener.onEnd();
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    if (!this.#aborted) this.#listener.onFault(upstreamFault(error));
  }
}

export function openUpstream(options: UpstreamOptions): Upstream {
  const { headerTimeoutMs: headersTimeout, idleTimeoutMs: bodyTimeout } = options;
  const agent = new Agent({
    connect: guardedConnector(options),
    connections: options.connectionsPerOriginMax ?? 512,
    headersTimeout,
    bodyTimeout,
    keepAliveTimeout: 30_000,
    allowH2: false,
  });
  return {
    post({ origin, path, headers, body }, listener) {
      const call = new Call(listener);
      agent.dispatch({ origin, path, method: "POST", headers, body, headersTimeout, bodyTimeout }, call);
      return call;
    },
    close: () => agent.destroy(),
  };
}
