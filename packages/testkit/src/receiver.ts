import { once } from "node:events";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

export interface Received {
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

/** A server that receives webhooks. */
export interface Receiver {
  /** Origin without a slash at the end. */
  url: string;
  /** In order of arrival. */
  posts: readonly Received[];
  /** Answers to the next posts, one each: a status, or `stall` for no answer. Then 200 again. */
  script(...next: (number | "stall")[]): void;
  close(): Promise<void>;
}

export async function startReceiver(): Promise<Receiver> {
  const posts: Received[] = [];
  const scripted: (number | "stall")[] = [];
  const server = createServer(async (request, response) => {
    const body = await text(request).catch(() => "");
    posts.push({ path: request.url ?? "", headers: request.headers, body });
    const next = scripted.shift() ?? 200;
    if (next === "stall") return;
    response.writeHead(next, next >= 300 && next < 400 ? { location: "/elsewhere" } : {}).end("noted");
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    posts,
    script: (...next) => void scripted.push(...next),
    async close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
