import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";

/** Interval between probes of a half-closed connection, after the first two probes. */
const PROBE_MS = 1_000;
/** Delay between the first two probes. The first makes a client that has left send a reset; the second detects it. */
const SECOND_PROBE_MS = 250;
/** Maximum number of unanswered requests on one connection. */
const PIPELINED_MAX = 16;

interface Connection {
  latest: ServerResponse;
  underWay: number;
}

export interface ConnectionsOptions {
  probeMs?: number;
  /** Answers a request; never rejects. */
  handle(request: IncomingMessage, response: ServerResponse): void;
  /** The same for a client that waits for `100 Continue`. */
  handleExpecting(request: IncomingMessage, response: ServerResponse): void;
  /** Refuses a request beyond the maximum of its connection and closes the connection. */
  refuse(response: ServerResponse): void;
  /** Whether the protocol of the connection changes with this request. */
  upgrades(request: IncomingMessage): boolean;
  /** Takes over a connection whose protocol changes. `head`: bytes received after the request. */
  handleUpgrade(request: IncomingMessage, head: Buffer): void;
}

/**
 * Passes the requests of a server to handlers, bounds pipelining, and detects clients that have left.
 *
 * A client may close its half of the connection after a request and still gets its answer. A client that has left
 * looks the same until a write makes it reset the connection. So a half-closed connection is probed with harmless
 * writes: at once, shortly after, and then every `probeMs`. Before the answer the probe is an interim `100 Continue`,
 * which clients ignore. In a stream it is a comment between events.
 */
export function serveConnections(server: Server, options: ConnectionsOptions): void {
  const { probeMs = PROBE_MS, handle, handleExpecting, refuse, upgrades, handleUpgrade } = options;
  const connections = new WeakMap<Socket, Connection>();
  // Options of Node that are missing in its types. An upgrade must wait until earlier answers have been written.
  Object.assign(server, {
    httpAllowHalfOpen: true,
    shouldUpgradeCallback: (request: IncomingMessage): boolean =>
      upgrades(request) && (connections.get(request.socket)?.underWay ?? 0) === 0,
  });
  server.on("upgrade", (request: IncomingMessage, _socket, head: Buffer) => handleUpgrade(request, head));
  const counted =
    (next: typeof handle) =>
    (request: IncomingMessage, response: ServerResponse): void => {
      const known = connections.get(request.socket);
      const connection = known ?? { latest: response, underWay: 0 };
      if (!known) connections.set(request.socket, connection);
      connection.latest = response;
      connection.underWay += 1;
      response.on("close", () => {
        connection.underWay -= 1;
      });
      if (connection.underWay > PIPELINED_MAX) refuse(response);
      else next(request, response);
    };
  server.on("request", counted(handle));
  server.on("checkContinue", counted(handleExpecting));
  server.on("connection", (socket: Socket) => {
    socket.on("end", () => {
      const response = connections.get(socket)?.latest;
      if (!response || response.closed || response.writableEnded) return;
      let timer = setTimeout(
        () => {
          probe(response);
          timer = setInterval(() => probe(response), probeMs);
        },
        Math.min(SECOND_PROBE_MS, probeMs),
      );
      response.once("close", () => clearTimeout(timer));
      probe(response);
    });
  });
}

function probe(response: ServerResponse): void {
  if (response.writableEnded) return;
  // Answers that are not streams are sent at once, so a head without an end belongs to a stream.
  if (response.headersSent) response.write(": \n\n");
  // HTTP/1.0 has no interim responses. Such a client is detected when its answer is written.
  else if (response.req.httpVersion !== "1.0") response.writeContinue();
}
