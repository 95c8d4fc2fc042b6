import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { setImmediate as nextTurn } from "node:timers/promises";
import { TollgateError } from "@tollgate/contracts/errors";
import { uuidV7 } from "@tollgate/contracts/ids";
import { type Address, listen } from "@tollgate/service/listen";
import { closeSoon } from "./client-upgrade.ts";
import { serveConnections } from "./connections.ts";
import type { Gateway } from "./index.ts";
import { refuse } from "./refuse.ts";
import { openAiError } from "./wires/error-wording.ts";

export interface RunningServer {
  port: number;
  /** Makes each answer close its connection, so that clients reconnect to a process that is ready. */
  endKeepAlive(): void;
  /** Stops accepting connections. Resolves when the last connection is closed. */
  close(): Promise<void>;
  /** Closes all connections at once. */
  cutConnections(): void;
}

const HEADER_BYTES_MAX = 16 * 1024;
/** From the connection or the last answer to the end of the headers. With the check interval, at most 15 s. */
const HEADERS_TIMEOUT_MS = 14_000;
/** How often Node checks time limits; each limit may be exceeded by up to this much. */
const CHECK_INTERVAL_MS = 1_000;
/** Maximum time to the last byte of the body. */
const REQUEST_TIMEOUT_MS = 60_000;
const IDLE_CLOSE_MS = 50;

/** Errors for malformed requests, for which Node has no request object. */
const CLIENT_ERRORS: Record<string, TollgateError> = {
  HPE_HEADER_OVERFLOW: new TollgateError("headers_too_large", "The headers exceed 16 KiB."),
  ERR_HTTP_REQUEST_TIMEOUT: new TollgateError("request_timeout", "The request did not arrive in time."),
};
const MALFORMED = new TollgateError("invalid_value", "The request is not valid HTTP/1.1.");

/** CONNECT is refused: it has no path, and the gateway is not a forward proxy. */
const CONNECT = new TollgateError("not_found", "There is no such endpoint: this is not a forward proxy.");

function refuseMalformed(error: Error & { code?: string }, socket: Socket, docsUrl: string): void {
  if (error.code === "ECONNRESET" || !socket.writable) socket.destroy();
  else writeRefusal(CLIENT_ERRORS[error.code ?? ""] ?? MALFORMED, socket, docsUrl);
}

function writeRefusal(error: TollgateError, socket: Socket, docsUrl: string): void {
  const id = uuidV7(Date.now());
  const { status, headers, body } = refuse(error, openAiError, id, docsUrl);
  const lines = Object.entries({
    ...headers,
    "x-tollgate-request-id": id,
    "content-length": String(Buffer.byteLength(body)),
    connection: "close",
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${status} Refused\r\n${lines.join("")}\r\n${body}`);
}

const TOO_MANY = new TollgateError("overloaded", "Too many requests wait on this connection for their answers.");

function refusePipelined(response: ServerResponse, docsUrl: string): void {
  const id = uuidV7(Date.now());
  const { status, headers, body } = refuse(TOO_MANY, openAiError, id, docsUrl);
  response.writeHead(status, { ...headers, "x-tollgate-request-id": id, connection: "close" }).end(body);
}

/**
 * Opens the public port. `headersTimeoutMs`: time in which the headers must arrive, checked every `checkIntervalMs`.
 * `probeMs`: interval between probes of a half-closed connection.
 */
export async function listenProxy(
  proxy: Gateway,
  address: Address,
  docsUrl: string,
  {
    headersTimeoutMs = HEADERS_TIMEOUT_MS,
    checkIntervalMs = CHECK_INTERVAL_MS,
    probeMs,
  }: { headersTimeoutMs?: number; checkIntervalMs?: number; probeMs?: number } = {},
): Promise<RunningServer> {
  const server = createServer({
    maxHeaderSize: HEADER_BYTES_MAX,
    headersTimeout: headersTimeoutMs,
    connectionsCheckingInterval: checkIntervalMs,
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: 65_000,
    noDelay: true,
  });
  // Node silently drops headers above this count. It is above our own limit, which refuses the request instead.
  server.maxHeadersCount = 256;
  serveConnections(server, { ...proxy, probeMs, refuse: (response) => refusePipelined(response, docsUrl) });
  server.on("connect", (_request, socket) => {
    socket.on("error", () => socket.destroy());
    writeRefusal(CONNECT, socket as Socket, docsUrl);
    closeSoon(socket as Socket);
  });
  server.on("clientError", (error, socket) => refuseMalformed(error, socket as Socket, docsUrl));
  return listening(server, address);
}

const SHORT_TURN_MS = 2;
const CATCH_UP_MS = 2_000;

/**
 * Resolves after a short turn of the event loop, which means that all waiting connections were accepted and their
 * data was read. Closing a connection with unread data would reset it. After two seconds it resolves in any case.
 */
async function caughtUp(): Promise<void> {
  const until = performance.now() + CATCH_UP_MS;
  await nextTurn();
  for (let startedAt = performance.now(); startedAt < until; startedAt = performance.now()) {
    await nextTurn();
    if (performance.now() - startedAt < SHORT_TURN_MS) return;
  }
}

async function listening(server: Server, address: Address): Promise<RunningServer> {
  const port = await listen(server, address);
  // Node no longer counts upgraded sockets among its connections.
  const upgraded = new Set<Duplex>();
  server.on("upgrade", (_request, socket) => {
    upgraded.add(socket);
    socket.once("close", () => upgraded.delete(socket));
  });
  const lastOfItsConnection = (_request: IncomingMessage, response: ServerResponse): void => {
    response.shouldKeepAlive = false;
  };
  return {
    port,
    endKeepAlive() {
      server.prependListener("request", lastOfItsConnection);
      server.prependListener("checkContinue", lastOfItsConnection);
    },
    async close() {
      const closed = once(server, "close");
      await caughtUp();
      server.close();
      const idle = setInterval(() => void caughtUp().then(() => server.closeIdleConnections()), IDLE_CLOSE_MS);
      await closed;
      clearInterval(idle);
    },
    cutConnections() {
      server.closeAllConnections();
      for (const socket of upgraded) socket.destroy();
    },
  };
}
