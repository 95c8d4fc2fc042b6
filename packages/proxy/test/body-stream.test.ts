import { once } from "node:events";
import { createServer, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { TollgateError } from "@tollgate/contracts/errors";
import { trustedProxies } from "@tollgate/dial/client-address";
import { expect, onTestFinished, test } from "vitest";
import { BodyMemory } from "../src/body-memory.ts";
import { NodeExchange } from "../src/exchange.ts";

/** A server that reads each body as a stream of at most 10 bytes and answers with the result. */
async function streaming(): Promise<{ port: number; server: Server; outcomes: string[] }> {
  const outcomes: string[] = [];
  const server = createServer(async (incoming, response) => {
    const exchange = new NodeExchange(incoming, response, 0, new BodyMemory(0), {}, trustedProxies([]));
    const outcome = await buffer(exchange.bodyStream(10)).then(String, (error: unknown) =>
      error instanceof TollgateError ? `${error.status} ${error.code}` : String(error),
    );
    outcomes.push(outcome);
    exchange.head(200, {});
    exchange.end(outcome);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, server, outcomes };
}

test.each([
  ["whole", "0123456789", "0123456789"],
  ["beyond its bound", "0123456789a", "413 request_too_large"],
])("a body that is passed on unread takes no memory: %s", async (_name, sent, outcome) => {
  const { port } = await streaming();
  for (const body of [sent, new Blob([sent]).stream()]) {
    const init = { method: "POST", body, duplex: "half" } as RequestInit;
    expect(await (await fetch(`http://127.0.0.1:${port}/`, init)).text()).toBe(outcome);
  }
});

test("a client that leaves while it sends such a body ends the stream", async () => {
  const { port, server, outcomes } = await streaming();
  const leaving = request({ port, method: "POST", headers: { "content-length": "10" } });
  leaving.on("error", () => {});
  leaving.write("0123");
  await once(server, "request");
  leaving.destroy();
  await expect.poll(() => outcomes).toEqual(["499 client_closed_request"]);
});
