import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import { type AddressInfo, createServer as createTcpServer } from "node:net";
import { setTimeout as pause } from "node:timers/promises";

type Way = (response: ServerResponse, elsewhere: string) => void | Promise<void>;

const MIB = Buffer.alloc(1024 * 1024, "x");
const JSON_HEAD = { "content-type": "application/json" };

async function drip(response: ServerResponse, everyMs: number): Promise<void> {
  while (!response.destroyed) {
    response.write("x");
    await pause(everyMs);
  }
}

/** What a host does when a proxy requests its models, by the first part of the path. */
const WAYS = {
  good: (response) => void response.writeHead(200, JSON_HEAD).end('{"data":[]}'),
  wrong: (response) => void response.writeHead(401, JSON_HEAD).end('{"error":{}}'),
  redirect: (response, elsewhere) => void response.writeHead(302, { location: elsewhere }).end(),
  large: async (response) => {
    response.writeHead(200, JSON_HEAD).write("{");
    for (let piece = 0; piece < 50 && !response.destroyed; piece++)
      if (!response.write(MIB)) await Promise.race([once(response, "drain"), once(response, "close")]);
    response.end();
  },
  "large-error": async (response) => {
    response.writeHead(401, JSON_HEAD);
    for (let piece = 0; piece < 50 && !response.destroyed; piece++)
      if (!response.write(MIB)) await Promise.race([once(response, "drain"), once(response, "close")]);
    response.end();
  },
  "slow-error": async (response) => {
    response.writeHead(401, JSON_HEAD);
    await drip(response, 100);
  },
  "slow-blanks": async (response) => {
    response.writeHead(200, JSON_HEAD);
    while (!response.destroyed) {
      response.write(" ");
      await pause(50);
    }
  },
  "many-hints": async (response) => {
    while (!response.destroyed) {
      response.writeProcessing();
      await pause(20);
    }
  },
  silent: () => {},
  reset: (response) => void response.socket?.resetAndDestroy(),
  packed: (response) =>
    void response.writeHead(200, { ...JSON_HEAD, "content-encoding": "gzip" }).end(Buffer.from("1f8b0800", "hex")),
} satisfies Record<string, Way>;

export type HostileWay = keyof typeof WAYS;

export interface HostileModels {
  origin: string;
  /** Whether the target of the redirect was called. Only the redirect contains its URL. */
  followed(): boolean;
  /** Requests by kind of attack. */
  asked: Map<string, number>;
  /** Bytes written to sockets, by kind of attack. */
  sentBytes: Map<string, number>;
  /** Connections open now. */
  open(): number;
  close(): void;
}

/** A host that answers `GET /<way>/v1/models` with each kind of attack. */
export async function startHostileModels(): Promise<HostileModels> {
  let followed = false;
  const elsewhere = createTcpServer((socket) => {
    followed = true;
    socket.destroy();
  }).listen(0, "127.0.0.1");
  await once(elsewhere, "listening");
  const asked = new Map<string, number>();
  const sentBytes = new Map<string, number>();
  let open = 0;
  const server = createServer((request, response) => {
    const way = request.url?.split("/")[1] ?? "";
    asked.set(way, (asked.get(way) ?? 0) + 1);
    response.on("error", () => {});
    response.once("close", () => {
      const written = request.socket.bytesWritten;
      sentBytes.set(way, Math.max(sentBytes.get(way) ?? 0, written));
    });
    void (WAYS[way as HostileWay] as Way | undefined)?.(
      response,
      `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}/v1/models`,
    );
  });
  server.on("connection", (socket) => {
    open += 1;
    socket.once("close", () => {
      open -= 1;
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    followed: () => followed,
    asked,
    sentBytes,
    open: () => open,
    close() {
      server.close();
      server.closeAllConnections();
      elsewhere.close();
    },
  };
}
