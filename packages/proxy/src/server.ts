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
  /** From now on each answer closes its connection: clients reconnect, to a process that is ready. */
  endKeepAlive(): void;
  /** Stops accepting; resolves when the last connection is gone. */
  close(): Promise<void>;
  /** Cuts what is still connected. */
  cutConnections(): void;
}

const HEADER_BYTES_MAX = 16 * 1024;
/** From the connection or the last answer to the end of the headers. A connection is closed within 15 s. */
const HEADERS_TIMEOUT_MS = 14_000;
/** How often Node looks for connections past their time: it adds up to this much to each time limit. */
const CHECK_INTERVAL_MS = 1_000;
/** To the last byte of the body. */
const REQUEST_TIMEOUT_MS = 60_000;
const IDLE_CLOSE_MS = 50;

/** What a malformed request gets: Node has no request object for it yet. */
const CLIENT_ERRORS: Record<string, TollgateError> = {
  HPE_HEADER_OVERFLOW: new TollgateError("headers_too_large", "The headers exceed 16 KiB."),
  ERR_HTTP_REQUEST_TIMEOUT: new TollgateError("request_timeout", "The request did not arrive in time."),
};
const MALFORMED = new TollgateError("invalid_value", "The request is not valid HTTP/1.1.");

/** There is no path in it, and we are no forward proxy. */
const CONNECT = new TollgateError("not_found", "There is no such endpoint: this is no forward proxy.");

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
 * The public port. `headersTimeoutMs`: how long a client may take for its headers, checked each `checkIntervalMs`;
 * `probeMs`: how often one that closed its half of the connection is written to.
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
  // More than we allow, so that one too many is seen and refused instead of silently dropped.
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
 * Resolves right after a short turn of the event loop, in which all that was waiting was accepted and read: what is closed
 * then has nothing in it, whereas closing what has resets it. After two seconds without a short turn it resolves anyway.
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
  // Node does not count them among its connections any more.
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
