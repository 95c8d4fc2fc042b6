import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import type { Usage } from "./provider-answer.ts";
import { asked } from "./provider-asked.ts";
import { type Asked, answer, type Behaviour, type Performance } from "./provider-behaviour.ts";

/** One row of the provider's own records: the request, the answer and the charge. */
export interface Seen extends Asked {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: Buffer;
  /** Body bytes written to the socket so far (empty if bytes are not kept), and their number. */
  readonly sent: Buffer;
  sentBytes: number;
  /** The usage that was sent; null until then. */
  reported: Usage | null;
  /** The charge, whether or not it is reported; null for refusals and faults before any work. */
  bills: Usage | null;
  /** Whether the client closed before the answer was complete. */
  clientLeft: boolean;
  /** Resolves when either side has ended this exchange. */
  done: Promise<void>;
}

export interface Provider {
  /** Origin without a slash at the end. OpenAI clients add `/v1`. */
  url: string;
  port: number;
  /** All records, in the order of arrival. */
  requests: readonly Seen[];
  /** The prompts whose tokens were counted. */
  counted: readonly unknown[];
  /** The records with a charge. */
  billed(): Seen[];
  /** Behaviours of the next requests for any model, one each. After them the scripts of the models apply, then `answer()`. */
  script(...next: Behaviour[]): void;
  /** Behaviours of the requests for one upstream model, in order; the last one is repeated. None: `answer()` again. */
  scriptModel(model: string, ...behaviours: Behaviour[]): void;
  /** Stops listening until `listen` is called: connections are refused. */
  refuse(): Promise<void>;
  listen(): Promise<void>;
  close(): Promise<void>;
}

/** @returns false if the connection is closed */
type Send = (bytes: Buffer) => Promise<boolean>;

async function perform(performance: Performance, response: ServerResponse, seen: Seen, send: Send): Promise<void> {
  const { head, moves } = performance;
  if (head) {
    response.writeHead(head.status, head.headers);
    response.flushHeaders();
  }
  for (const move of moves) {
    if (response.closed) return;
    if (move === "end") response.end();
    else if (move === "reset") response.socket?.resetAndDestroy();
    else if (move === "stall") await once(response, "close");
    else if ("pauseMs" in move) await pause(move.pauseMs);
    else if ("endlessly" in move) while (await send(move.endlessly));
    else {
      await send(move.bytes);
      seen.reported = move.usage ?? seen.reported;
    }
  }
}

/** The models that a provider lists. */
export const LISTED_MODELS = ["gpt-4.1-mini", "house-model-7b"] as const;
const LIST = JSON.stringify({ object: "list", data: LISTED_MODELS.map((id) => ({ id, object: "model" })) });

/**
 * A provider on 127.0.0.1 that speaks OpenAI chat completions (`…/chat/completions`), responses (`…/responses…`), Cohere (`…/v2/chat`), Bedrock (`…/converse…`) and
 * Anthropic messages (`…/messages`), follows a script and keeps its own records. Without `keepsBytes` it keeps only the amounts, for runs of
 * many thousand calls. A count of tokens (`…/messages/count_tokens`) is always 41.
 * `GET /v1/models` lists `LISTED_MODELS`, and is 401 for a secret with "wrong" in it; neither is recorded.
 * Anything else is 404.
 */
export async function startProvider({ port = 0, keepsBytes = true } = {}): Promise<Provider> {
  const requests: Seen[] = [];
  const counted: unknown[] = [];
  const queue: Behaviour[] = [];
  const models = new Map<string, Behaviour[]>();

  function behaviour(model: string): Behaviour {
    const own = models.get(model) ?? [];
    return queue.shift() ?? (own.length > 1 ? own.shift() : own[0]) ?? answer();
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? "/";
    const body = Buffer.concat(await request.toArray());
    if (request.method === "GET" && path.split("?")[0] === "/v1/models") {
      const secret = String(request.headers.authorization ?? request.headers["x-api-key"] ?? "");
      response.writeHead(secret.includes("wrong") ? 401 : 200, { "content-type": "application/json" });
      response.end(secret.includes("wrong") ? `{"error":{"message":"Incorrect API key: ${secret}"}}` : LIST);
      return;
    }
    if (path.split("?")[0]?.endsWith("/messages/count_tokens")) {
      counted.push(JSON.parse(body.toString()));
      response.writeHead(200, { "content-type": "application/json" });
      response.end('{"input_tokens":41}');
      return;
    }
    const question = asked(path, body, requests.length + 1);
    if (!question) {
      response.writeHead(404, { "content-type": "application/json" });
      response.end(
        `{"error":{"message":"Unknown path ${path}","type":"invalid_request_error","param":null,"code":null}}`,
      );
      return;
    }
    const performance = behaviour(question.model)(question);
    const { promise: done, resolve } = Promise.withResolvers<void>();
    const parts: Buffer[] = [];
    const seen: Seen = {
      ...question,
      method: request.method ?? "GET",
      path,
      headers: request.headers,
      body: keepsBytes ? body : Buffer.alloc(0),
      get sent() {
        return Buffer.concat(parts);
      },
      sentBytes: 0,
      reported: null,
      bills: performance.bills,
      clientLeft: false,
      done,
    };
    requests.push(seen);
    response.once("close", () => {
      seen.clientLeft = !response.writableFinished && !performance.moves.includes("reset");
      resolve();
    });
    await perform(performance, response, seen, (bytes) => {
      if (keepsBytes) parts.push(bytes);
      seen.sentBytes += bytes.length;
      return new Promise((resolve) => void response.write(bytes, (error) => resolve(!error)));
    });
  }

  const server = createServer((request, response) => {
    response.on("error", () => response.destroy());
    serve(request, response).catch(() => response.destroy());
  });
  server.keepAliveTimeout = 60_000;

  const listen = async (at: number): Promise<void> => {
    server.listen(at, "127.0.0.1");
    await once(server, "listening");
  };
  const refuse = async (): Promise<void> => {
    const closed = server.listening ? once(server, "close") : undefined;
    server.close();
    server.closeAllConnections();
    await closed;
  };

  await listen(port);
  const bound = (server.address() as AddressInfo).port;
  return {
    url: `http://127.0.0.1:${bound}`,
    port: bound,
    requests,
    counted,
    billed: () => requests.filter((seen) => seen.bills !== null),
    script: (...next) => void queue.push(...next),
    scriptModel: (model, ...behaviours) => void models.set(model, behaviours),
    refuse,
    listen: () => listen(bound),
    close: refuse,
  };
}
