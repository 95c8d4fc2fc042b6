import { type IncomingMessage, ServerResponse } from "node:http";
import type { Uuid } from "@tollgate/contracts/ids";
import { ShortLivedMap } from "@tollgate/limits/short-lived-map";
import { BodyMemory } from "./body-memory.ts";
import { asksForWebSocket, NodeUpgrade } from "./client-upgrade.ts";
import { type Arrival, NodeExchange } from "./exchange.ts";
import { serve } from "./pipeline.ts";
import type { Ports } from "./ports.ts";
import type { FindSurface } from "./surfaces/surface.ts";
import { findSurface } from "./surfaces/table.ts";

export interface Gateway {
  /** Answers one request; never rejects. */
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
  /** The same for a client that waits for `100 Continue` before it sends its body. */
  handleExpecting(request: IncomingMessage, response: ServerResponse): Promise<void>;
  /** Whether a request asks for WebSocket and its surface supports it. Other requests are answered by `handle`. */
  upgrades(request: IncomingMessage): boolean;
  /** Answers a request for which `upgrades` is true. `head`: bytes that the client has sent after it. */
  handleUpgrade(request: IncomingMessage, head: Buffer): Promise<void>;
  /** Number of running calls, including calls that are answered but not recorded yet. */
  active(): number;
  /** Resolves when no call is running. */
  idle(): Promise<void>;
  /** Cuts all running calls; each ends with `server_shutdown` and is recorded that way. */
  shutDown(): void;
}

/** Creates the data plane without its process. `ports` has everything it needs; `find` looks up surfaces. */
export function createProxy(ports: Ports, find: FindSurface = findSurface): Gateway {
  const memory = new BodyMemory(ports.settings.bodiesBytesMax);
  let isShutDown = false;
  const exchanges = new ShortLivedMap<Uuid, NodeExchange>();
  const wake: (() => void)[] = [];
  const handle = async (request: IncomingMessage, response: ServerResponse, arrival: Arrival = {}): Promise<void> => {
    const exchange = new NodeExchange(request, response, ports.now(), memory, arrival, ports.settings.trustedProxies);
    exchanges.set(exchange.id, exchange);
    if (isShutDown) exchange.shutDown();
    try {
      await serve(ports, exchange, find);
    } catch (error) {
      ports.log.error({ err: error instanceof Error ? error.stack : String(error) }, "request handler failed");
      exchange.cut();
    } finally {
      exchanges.delete(exchange.id);
      if (exchanges.size === 0) for (const resolve of wake.splice(0)) resolve();
    }
  };
  return {
    handle: (request, response) => handle(request, response),
    handleExpecting: (request, response) => handle(request, response, { awaitsContinue: true }),
    upgrades: (request) => asksForWebSocket(request) && isSession(find, request),
    handleUpgrade(request, head) {
      const response = new ServerResponse(request);
      return handle(request, response, { upgrade: new NodeUpgrade(request, response, head) });
    },
    active: () => exchanges.size,
    idle: () => (exchanges.size === 0 ? Promise.resolve() : new Promise((resolve) => void wake.push(resolve))),
    shutDown() {
      isShutDown = true;
      for (const exchange of [...exchanges.values()]) exchange.shutDown();
    },
  };
}

function isSession(find: FindSurface, { method = "GET", url = "/" }: IncomingMessage): boolean {
  try {
    return find(method, url.replace(/\?.*$/s, "")).kind === "session";
  } catch {
    return false;
  }
}
