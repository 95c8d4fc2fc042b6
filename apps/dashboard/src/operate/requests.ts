import { subscribe } from "node:diagnostics_channel";
import type { IncomingMessage, Server, ServerResponse } from "node:http";

interface Happening {
  request: IncomingMessage;
  response: ServerResponse;
  server: Server;
}

export interface Requests {
  /** Under way now. */
  active(): number;
  /** Each answer from now on is its connection's last. */
  endKeepAlive(): void;
  /** Stops accepting; resolves when nothing is under way. */
  close(): Promise<void>;
  /** Cuts what is still connected. */
  cut(): void;
}

export interface RequestsOptions {
  /** Ports whose requests count: not those of the private one. */
  port: number;
  onDone: (request: IncomingMessage, response: ServerResponse, seconds: number) => void;
}

/** Watches the requests of Next's server, which it does not hand out: Node tells of each, and of the server, itself. */
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
      // Without a first request its server is not known, and nothing is under way.
      server?.close();
      if (active.size > 0) await new Promise<void>((resolve) => (wake = resolve));
    },
    cut: () => server?.closeAllConnections(),
  };
}
