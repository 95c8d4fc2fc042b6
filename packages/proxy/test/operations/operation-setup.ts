import { once } from "node:events";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { credential, model, openSetup, type Setup, type SetupOptions, target } from "../setup.ts";

interface Seen {
  path: string;
  headers: IncomingHttpHeaders;
  body: Buffer;
  // biome-ignore lint/suspicious/noExplicitAny: a test reads whatever was sent.
  json: any;
}

interface Scripted {
  status?: number;
  headers?: Record<string, string>;
  /** JSON, bytes, or pieces that are written one after the other. */
  body: object | Buffer | readonly Buffer[];
  /** Resets the connection after the pieces. */
  breaks?: boolean;
}

export interface OperationSetup extends Setup {
  seen: Seen[];
  /** The answer to every following request, or how it follows from the request's body. */
  answer(given: object | Scripted | ((request: string) => Scripted)): void;
}

const isScripted = (given: object): given is Scripted => "body" in given;

/** A gateway with the model `small` at a provider that answers every path as scripted. */
export async function openOperation(
  { provider, upstreamModel, path = "" }: { provider: string; upstreamModel: string; path?: string },
  { org, ...options }: SetupOptions = {},
): Promise<OperationSetup> {
  const seen: Seen[] = [];
  let next: Scripted | ((request: string) => Scripted) = { body: {} };
  const server = createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray());
    const isJson = request.headers["content-type"] === "application/json";
    seen.push({
      path: request.url ?? "",
      headers: request.headers,
      body,
      json: isJson ? JSON.parse(body.toString()) : null,
    });
    const {
      status = 200,
      headers = { "content-type": "application/json" },
      body: answer,
      breaks,
    } = typeof next === "function" ? next(body.toString()) : next;
    response.writeHead(status, headers);
    if (Array.isArray(answer)) for (const piece of answer) response.write(piece);
    if (breaks) response.write("", () => response.socket?.resetAndDestroy());
    else response.end(Array.isArray(answer) ? undefined : answer instanceof Buffer ? answer : JSON.stringify(answer));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const main = credential(origin + path, { provider });
  const setup = await openSetup({
    ...options,
    org: { credentials: [main], models: [model([target(main.id, { upstreamModel })])], ...org },
  });
  const close = setup.close;
  return Object.assign(setup, {
    seen,
    answer(given: object | Scripted | ((request: string) => Scripted)) {
      next =
        typeof given === "function"
          ? (given as (request: string) => Scripted)
          : isScripted(given)
            ? given
            : { body: given };
    },
    async close() {
      await close();
      server.closeAllConnections();
      server.close();
    },
  });
}
