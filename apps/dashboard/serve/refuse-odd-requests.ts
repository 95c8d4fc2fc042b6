import http, { type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import type { Duplex } from "node:stream";

const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
const ALLOW = METHODS.join(", ");
const TEXT = "No page and no endpoint accepts this method.\n";
const BAD_TARGET =
  "The request's target must be a path that starts with / and contains only valid percent-escapes of UTF-8.\n";

/**
 * From now on, new servers answer 405 to methods that nothing accepts, and 400 to targets that are not paths.
 * Otherwise Next answers TRACE, `OPTIONS *` and `/api/%ff` with 500 before any code of Tollgate runs.
 */
export function refuseOddRequests(): void {
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
    const headers = { "content-type": "text/plain", connection: "close" };
    if (!METHODS.includes(request.method ?? "")) response.writeHead(405, { allow: ALLOW, ...headers }).end(TEXT);
    else if (!isPath(request.url ?? "")) response.writeHead(400, headers).end(BAD_TARGET);
    else listener(request, response);
  };

function isPath(target: string): boolean {
  try {
    return target.startsWith("/") && decodeURIComponent(target.split("?", 1)[0] ?? "") !== "";
  } catch {
    return false;
  }
}

/** Node has a separate event for CONNECT, without a response object. */
function refuseTunnel(_request: IncomingMessage, socket: Duplex): void {
  socket.on("error", () => socket.destroy());
  socket.end(
    `HTTP/1.1 405 Method Not Allowed\r\nallow: ${ALLOW}\r\ncontent-type: text/plain\r\ncontent-length: ${TEXT.length}\r\n` +
      `connection: close\r\n\r\n${TEXT}`,
  );
}
