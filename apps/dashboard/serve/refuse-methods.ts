import http, { type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import type { Duplex } from "node:stream";

const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
const ALLOW = METHODS.join(", ");
const TEXT = "No page and no endpoint takes this method.\n";

/**
 * Servers made from now on answer 405 to every method that nothing here takes. Next would answer TRACE with 500: its
 * request object refuses that method before any code of ours runs.
 */
export function refuseMethods(): void {
  const create = http.createServer;
  const createServer = (...given: unknown[]) => {
    const guarded = given.map((value) => (typeof value === "function" ? guard(value as RequestListener) : value));
    return Reflect.apply(create, http, guarded).on("connect", refuseTunnel);
  };
  Object.assign(http, { createServer });
}

const guard =
  (listener: RequestListener) =>
  (request: IncomingMessage, response: ServerResponse): void => {
    if (METHODS.includes(request.method ?? "")) listener(request, response);
    else response.writeHead(405, { allow: ALLOW, "content-type": "text/plain", connection: "close" }).end(TEXT);
  };

/** Node gives CONNECT an event of its own, and no response object. */
function refuseTunnel(_request: IncomingMessage, socket: Duplex): void {
  socket.on("error", () => socket.destroy());
  socket.end(
    `HTTP/1.1 405 Method Not Allowed\r\nallow: ${ALLOW}\r\ncontent-type: text/plain\r\ncontent-length: ${TEXT.length}\r\n` +
      `connection: close\r\n\r\n${TEXT}`,
  );
}
