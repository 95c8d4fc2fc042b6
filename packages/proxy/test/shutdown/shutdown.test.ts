import { once } from "node:events";
import { request } from "node:http";
import { connect } from "node:net";
import { answer, slow, stall } from "@tollgate/testkit/provider-behaviour";
import { waitFor } from "@tollgate/testkit/wait-for";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createProxy, type Gateway } from "../../src/index.ts";
import { listenProxy, type RunningServer } from "../../src/server.ts";
import { shutdownBySignal } from "../../src/shutdown.ts";
import { type OpenAiSetup, openOpenAiSetup } from "../chat-completions/openai-setup.ts";
import { ask } from "../setup.ts";

const DAY_MS = 86_400_000;

let setup: OpenAiSetup;
let gateway: Gateway;
let server: RunningServer;
let isDraining: boolean;
const finished = { count: 0 };

beforeEach(async () => {
  isDraining = false;
  finished.count = 0;
  setup = await openOpenAiSetup({ ports: { draining: () => isDraining } });
  gateway = createProxy(setup.ports);
  server = await listenProxy(gateway, { port: 0, host: "127.0.0.1", setting: "PROXY_PORT" }, "https://docs.example");
});
afterEach(async () => {
  server.cutConnections();
  await setup.close();
});

const signal = (noticeMs: number, drainMs: number): (() => void) =>
  shutdownBySignal({
    gateway,
    server,
    log: setup.ports.log,
    noticeMs,
    drainMs,
    begin: () => {
      isDraining = true;
    },
    finish: async () => {
      finished.count += 1;
    },
  });

const url = (path: string): string => `http://127.0.0.1:${server.port}${path}`;
const post = (body: object): Promise<Response> =>
  fetch(url("/v1/chat/completions"), {
    method: "POST",
    headers: { authorization: `Bearer ${setup.key}`, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
const isRefused = (): Promise<boolean> =>
  fetch(url("/healthz")).then(
    () => false,
    () => true,
  );

test("readiness turns 503 first, while each new connection is still served for one answer", async () => {
  signal(DAY_MS, 0)();
  const ready = await fetch(url("/readyz"));
  expect(ready.status).toBe(503);
  expect(await ready.json()).toMatchObject({ status: "draining" });
  const answered = await post(ask());
  expect(answered.status).toBe(200);
  expect(answered.headers.get("connection")).toBe("close");
});

test("the next answer on a kept-alive connection closes it", async () => {
  const socket = connect(server.port, "127.0.0.1");
  let received = "";
  socket.on("data", (chunk) => {
    received += chunk;
  });
  const get = "GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n";
  socket.write(get);
  await waitFor(() => received.includes("connection: keep-alive") || received.includes("Connection: keep-alive"));
  signal(DAY_MS, 0)();
  socket.write(get);
  await once(socket, "close");
  expect(received).toMatch(/connection: close/i);
});

test("a running call may end within the drain time, and no new connection is accepted", async () => {
  setup.provider.script(slow(20, answer({ text: "one two three four five six seven eight" })));
  const response = await post(ask({ stream: true }));
  signal(0, DAY_MS)();
  await waitFor(isRefused);
  expect(await response.text()).toContain("data: [DONE]");
  await waitFor(() => finished.count === 1);
  expect(setup.events[0]).toMatchObject({ status: 200, outcome: "complete", error: null });
});

test("a stream that exceeds the drain time ends with an error frame and is recorded as cut by the gateway", async () => {
  setup.provider.script(slow(200, answer({ text: "word ".repeat(500) })));
  const response = await post(ask({ stream: true }));
  signal(0, 1)();
  const text = await response.text();
  expect(text).toContain('"code":"server_shutdown"');
  expect(text).not.toContain("[DONE]");
  await waitFor(() => finished.count === 1);
  expect(setup.events[0]).toMatchObject({ status: 503, outcome: "cut", error: "server_shutdown" });
  expect(setup.events[0]?.attempts).toMatchObject([{ error: "server_shutdown" }]);
});

test("a call without an answer gets 503 and is recorded as cut by the gateway, not as left by its client", async () => {
  setup.provider.script(stall());
  const response = post(ask());
  await waitFor(() => setup.provider.requests[0]);
  signal(0, 1)();
  const { status, headers } = await response;
  expect(status).toBe(503);
  expect(headers.get("retry-after")).not.toBeNull();
  await waitFor(() => finished.count === 1);
  expect(setup.events[0]).toMatchObject({ status: 503, error: "server_shutdown" });
  expect(setup.events[0]?.outcome).not.toBe("client_left");
});

test("a body that is still arriving is refused with 503", async () => {
  const headers = { authorization: `Bearer ${setup.key}`, "content-type": "application/json", "content-length": 1_000 };
  const sending = request(url("/v1/chat/completions"), { method: "POST", headers });
  sending.write("{");
  await waitFor(() => gateway.active() === 1);
  signal(0, 1)();
  const [response] = await once(sending, "response");
  expect(response.statusCode).toBe(503);
  response.resume();
  sending.destroy();
  await waitFor(() => finished.count === 1);
});

test("a second signal cuts running calls at once", async () => {
  setup.provider.script(stall());
  const response = post(ask());
  await waitFor(() => setup.provider.requests[0]);
  const stop = signal(DAY_MS, DAY_MS);
  stop();
  stop();
  expect((await response).status).toBe(503);
  await waitFor(() => finished.count === 1);
});
