import type { Trace } from "./call.ts";
import type { Exchange } from "./exchange.ts";
import { tollgateHeaders } from "./metering/response-headers.ts";
import type { Reply } from "./surfaces/surface.ts";

/** Sends an answer that is whole, with our own headers. */
export function reply(exchange: Exchange, trace: Trace, { status, headers, body }: Reply): void {
  // A 204 may not have one.
  const length = status === 204 ? {} : { "content-length": Buffer.byteLength(body) };
  exchange.head(status, { ...tollgateHeaders(exchange.id, trace), ...headers, ...length });
  exchange.end(exchange.method === "HEAD" ? undefined : body);
}
