import type { IncomingMessage, ServerResponse } from "node:http";
import type { Uuid } from "@tollgate/contracts/ids";
import { ShortLivedMap } from "@tollgate/limits/short-lived-map";
import { BodyMemory } from "./body-memory.ts";
import { NodeExchange } from "./exchange.ts";
import { serve } from "./pipeline.ts";
import type { Ports } from "./ports.ts";

export interface Gateway {
  /** Answers one request; never rejects. */
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
  /** The same for a client that waits for `100 Continue` before it sends its body. */
  handleExpecting(request: IncomingMessage, response: ServerResponse): Promise<void>;
  /** Calls under way, those included that are answered but not on record yet. */
  active(): number;
  /** Resolves when none is. */
  idle(): Promise<void>;
  /** Cuts every call under way: each ends with `server_shutdown` and is recorded so. */
  shutDown(): void;
}

/** The data plane without its process: everything it needs comes through `ports`. */
export function createProxy(ports: Ports): Gateway {
  const memory = new BodyMemory(ports.settings.bodiesBytesMax);
  let isShutDown = false;
  const exchanges = new ShortLivedMap<Uuid, NodeExchange>();
  const wake: (() => void)[] = [];
  const handle = async (request: IncomingMessage, response: ServerResponse, awaitsContinue: boolean): Promise<void> => {
    const exchange = new NodeExchange(
      request,
      response,
      ports.now(),
      memory,
      awaitsContinue,
      ports.settings.trustedProxies,
    );
    exchanges.set(exchange.id, exchange);
    if (isShutDown) exchange.shutDown();
    try {
      await serve(ports, exchange);
    } catch (error) {
      ports.log.error({ err: error instanceof Error ? error.stack : String(error) }, "request handler failed");
      response.destroy();
    } finally {
      exchanges.delete(exchange.id);
      if (exchanges.size === 0) for (const resolve of wake.splice(0)) resolve();
    }
  };
  return {
    handle: (request, response) => handle(request, response, false),
    handleExpecting: (request, response) => handle(request, response, true),
    active: () => exchanges.size,
    idle: () => (exchanges.size === 0 ? Promise.resolve() : new Promise((resolve) => void wake.push(resolve))),
    shutDown() {
      isShutDown = true;
      for (const exchange of [...exchanges.values()]) exchange.shutDown();
    },
  };
}
