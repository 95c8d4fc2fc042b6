import { createServer, type ServerResponse } from "node:http";
import { type Address, listen } from "./listen.ts";

export interface Readiness {
  isReady: boolean;
  /** Problems by part. */
  body: object;
}

export interface PrivatePortOptions extends Address {
  /** Must answer within two seconds. Without it, the process is ready when it is alive. */
  ready: () => Readiness | Promise<Readiness>;
  /** Prometheus text; null if the metrics are not ready yet. */
  metrics: () => Promise<string | null>;
}

export interface PrivatePort {
  port: number;
  close(): Promise<void>;
}

const PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

function send(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, { "content-type": type, "cache-control": "no-store" });
  response.end(body);
}

/**
 * A port for the operator, not for the public. `/healthz` is 200 while the event loop runs. `/readyz` is 503 with the
 * reason while the process cannot do its work. `/metrics` is for Prometheus.
 */
export async function listenPrivate({ ready, metrics, ...address }: PrivatePortOptions): Promise<PrivatePort> {
  const answers: Record<string, (response: ServerResponse) => Promise<void>> = {
    "/healthz": async (response) => send(response, 200, "application/json", '{"status":"alive"}'),
    "/readyz": async (response) => {
      const { isReady, body } = await ready();
      send(response, isReady ? 200 : 503, "application/json", JSON.stringify(body));
    },
    "/metrics": async (response) => {
      const text = await metrics();
      send(response, text === null ? 503 : 200, PROMETHEUS, text ?? "");
    },
  };
  const server = createServer((request, response) => {
    const answer = request.method === "GET" ? answers[request.url ?? ""] : undefined;
    if (!answer) return send(response, 404, "text/plain", "There are /healthz, /readyz and /metrics here.\n");
    answer(response).catch((error: unknown) => {
      if (!response.headersSent)
        send(response, 500, "text/plain", `${error instanceof Error ? error.message : error}\n`);
    });
  });
  const port = await listen(server, address);
  return {
    port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
