import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { slow, stall } from "@tollgate/testkit/provider-behaviour";
import { waitFor } from "@tollgate/testkit/wait-for";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createProxy } from "../../src/index.ts";
import { listenProxy, type RunningServer } from "../../src/server.ts";
import { ask } from "../setup.ts";
import { type OpenAiSetup, openOpenAiSetup } from "./openai-setup.ts";

let setup: OpenAiSetup;
let server: RunningServer;

beforeAll(async () => {
  setup = await openOpenAiSetup();
  const address = { port: 0, host: "127.0.0.1", shared: false, setting: "PROXY_PORT" };
  server = await listenProxy(createProxy(setup.ports), address, "https://docs.example", { probeMs: 20 });
});
afterAll(async () => {
  server.cutConnections();
  await server.close();
  await setup.close();
});

/** Sends a call and, by default, closes the client's half of the connection. */
function callAndClose(given: Record<string, unknown>, port = server.port, closes = true): Socket {
  const body = JSON.stringify(ask(given));
  const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
  socket.on("error", () => {});
  socket.write(
    `POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${setup.key}\r\n` +
      `content-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
  );
  if (closes) socket.end();
  return socket;
}

async function received(socket: Socket): Promise<string> {
  let text = "";
  socket.on("data", (chunk) => {
    text += chunk;
  });
  await once(socket, "close");
  return text.replaceAll("HTTP/1.1 100 Continue\r\n\r\n", "");
}

test("a client that closes its half after the request gets its answer, and its connection ends", async () => {
  setup.provider.script(slow(60));
  const answer = await received(callAndClose({}));
  expect(answer).toMatch(/^HTTP\/1.1 200 /);
  expect(answer).toContain("You said: Hello there");
  expect(setup.events.at(-1)).toMatchObject({ status: 200, outcome: "complete" });
});

test("so does one that requested a stream", async () => {
  setup.provider.script(slow(30));
  const answer = await received(callAndClose({ stream: true }));
  expect(answer).toMatch(/^HTTP\/1.1 200 /);
  expect(answer).toContain("data: [DONE]");
});

test.each([false, true])("a client that has left meanwhile is still noticed (stream: %s)", async (stream) => {
  setup.provider.script(stall());
  const before = setup.provider.requests.length;
  const socket = callAndClose({ stream });
  const seen = await waitFor(() => setup.provider.requests[before]);
  socket.destroy();
  await seen.done;
  expect(seen.clientLeft).toBe(true);
  await waitFor(() => setup.events.at(-1)?.outcome === "client_left");
});

test.each([false, true])(
  "a client that closes its whole connection is noticed within the first period (stream: %s)",
  async (stream) => {
    const hour = await listenProxy(
      createProxy(setup.ports),
      { port: 0, host: "127.0.0.1", shared: false, setting: "PROXY_PORT" },
      "https://docs.example",
      { probeMs: 3_600_000 },
    );
    setup.provider.script(stall());
    const before = setup.provider.requests.length;
    const socket = callAndClose({ stream }, hour.port, false);
    const seen = await waitFor(() => setup.provider.requests[before]);
    socket.destroy();
    await seen.done;
    expect(seen.clientLeft).toBe(true);
    await waitFor(() => setup.events.at(-1)?.outcome === "client_left");
    await hour.close();
  },
);
