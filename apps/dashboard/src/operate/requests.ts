import { subscribe } from "node:diagnostics_channel";
import type { IncomingMessage, Server, ServerResponse } from "node:http";

interface Happening {
  request: IncomingMessage;
  response: ServerResponse;
  server: Server;
}

export interface Requests {
  /** Number of requests under way. */
  active(): number;
  /** From now on, each answer closes its connection. */
  endKeepAlive(): void;
  /** Stops accepting requests. Resolves when none is under way. */
  close(): Promise<void>;
  /** Closes all connections. */
  cut(): void;
}

export interface RequestsOptions {
  /** Ports whose requests count. The private port is excluded. */
  port: number;
  onDone: (request: IncomingMessage, response: ServerResponse, seconds: number) => void;
}

/** Observes the requests of Next's server with Node's diagnostics events, because Next does not expose its server. */
export function watchRequests({ port, onDone }: RequestsOptions): Requests {
  const active = new Set<ServerResponse>();
  let server: Server | undefined;
  let isLast = false;
  let wake = (): void => {};

  subscribe("http.server.request.start", (message) => {
    const { request, response, server: its } = message as Happening;
    if (request.socket.localPort !== port) return;
    server = its;
    active.add(response);
    if (isLast) response.shouldKeepAlive = false;
    const startedAt = performance.now();
    response.once("close", () => {
      active.delete(response);
      onDone(request, response, (performance.now() - startedAt) / 1_000);
      if (active.size === 0) wake();
    });
  });

  return {
    active: () => active.size,
    endKeepAlive() {
      isLast = true;
    },
    async close() {
      // The server is unknown before the first request. Then nothing is under way.
      server?.close();
      if (active.size > 0) await new Promise<void>((resolve) => (wake = resolve));
    },
    cut: () => server?.closeAllConnections(),
  };
}
