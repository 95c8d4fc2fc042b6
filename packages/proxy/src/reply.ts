import type { Call } from "./call.ts";
import { tollgateHeaders } from "./metering/response-headers.ts";
import type { Reply, StreamedReply } from "./surfaces/surface.ts";

/** Sends a complete answer with the gateway's headers. */
export function reply(call: Call, { status, headers, body }: Reply): void {
  const { exchange } = call;
  // A 204 must not have a content length.
  const length = status === 204 ? {} : { "content-length": Buffer.byteLength(body) };
  exchange.head(status, { ...tollgateHeaders(call), ...headers, ...length });
  exchange.end(exchange.method === "HEAD" ? undefined : body);
}

/** Sends an answer whose body is still arriving. */
export async function replyStream(call: Call, streamed: StreamedReply): Promise<void> {
  call.exchange.head(streamed.status, { ...tollgateHeaders(call), ...streamed.headers });
  await streamed.pour(call.exchange);
}
