import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";

/** How often a client that closed its half is written to, after the first two times. */
const PROBE_MS = 1_000;
/** From the first time to the second: the first one makes a client that has left reset, the second one meets the reset. */
const SECOND_PROBE_MS = 250;
/** Requests of one connection that are not answered yet. */
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
  /** Answers one that is too many on its connection, and closes that. */
  refuse(response: ServerResponse): void;
  /** Whether the protocol of the connection changes with this request. */
  upgrades(request: IncomingMessage): boolean;
  /** Takes over such a connection. */
  handleUpgrade(request: IncomingMessage, head: Buffer): void;
}

/**
 * Hands a server's requests on, with an eye on their connections.
 *
 * A client may close its half after a request and still gets its answer. One that has left looks the same until it is
 * written to: then it resets. So something harmless is written at once, shortly after, and then each
 * `probeMs`: before the answer an interim `100 Continue`, which clients skip, and in a stream a comment, which stands
 * between whole events.
 */
export function serveConnections(server: Server, options: ConnectionsOptions): void {
  const { probeMs = PROBE_MS, handle, handleExpecting, refuse, upgrades, handleUpgrade } = options;
  const connections = new WeakMap<Socket, Connection>();
  // Switches of Node's that its types do not have. While earlier answers are due, nothing else may be written.
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
  // Whatever is not a stream is sent in one go, so a head without an end is a stream's.
  if (response.headersSent) response.write(": \n\n");
  // HTTP/1.0 has no interim answers: such a client is found out when it gets its answer.
  else if (response.req.httpVersion !== "1.0") response.writeContinue();
}
