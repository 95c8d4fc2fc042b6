import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { slow } from "@tollgate/testkit/provider-behaviour";
import { waitFor } from "@tollgate/testkit/wait-for";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createProxy, type Gateway } from "../src/index.ts";
import { listenProxy, type RunningServer } from "../src/server.ts";
import { shutdownBySignal } from "../src/shutdown.ts";
import type { FindSurface, SessionSurface } from "../src/surfaces/surface.ts";
import { findSurface } from "../src/surfaces/table.ts";
import { openAiError } from "../src/wires/error-wording.ts";
import { type OpenAiSetup, openOpenAiSetup } from "./chat-completions/openai-setup.ts";
import { ask } from "./setup.ts";

// No surface of the product supports WebSocket yet. These test surfaces echo bytes or misbehave.
const session = (converse: SessionSurface["converse"]): SessionSurface => ({
  ...{ kind: "session", name: "echo", method: "GET", errors: openAiError, converse },
});
const SESSIONS: Record<string, SessionSurface> = {
  "/v1/echo": session(async (_ports, { exchange, upgrade }) => {
    const [protocol] = upgrade.protocols;
    const socket = upgrade.accept(protocol === undefined ? {} : { "sec-websocket-protocol": protocol });
    exchange.onShutdown(() => socket.end("bye"));
    socket.on("data", (chunk) => socket.write(chunk));
    await once(socket, "close");
  }),
  "/v1/deaf": session(async (_ports, { upgrade }) => void (await once(upgrade.accept(), "close"))),
  "/v1/faulty": session(async (_ports, { upgrade }) => {
    upgrade.accept();
    throw new Error("the session fails");
  }),
};
const find: FindSurface = (method, path) => SESSIONS[path] ?? findSurface(method, path);

let setup: OpenAiSetup;
let gateway: Gateway;
let server: RunningServer;
beforeEach(async () => {
  setup = await openOpenAiSetup();
  gateway = createProxy(setup.ports, find);
  server = await listenProxy(gateway, { port: 0, host: "127.0.0.1", setting: "PROXY_PORT" }, "https://docs.example");
});
afterEach(async () => {
  server.cutConnections();
  await setup.close();
});

interface Client {
  socket: Socket;
  /** All bytes received so far. */
  got(): string;
  closed: Promise<unknown>;
}

function open(bytes: string): Client {
  const socket = connect({ port: server.port, host: "127.0.0.1", allowHalfOpen: true });
  let text = "";
  socket.on("error", () => {});
  socket.on("data", (chunk) => {
    text += chunk;
  });
  socket.on("end", () => socket.end());
  socket.write(bytes);
  return { socket, got: () => text, closed: once(socket, "close") };
}

const HANDSHAKE = {
  connection: "Upgrade",
  upgrade: "websocket",
  "sec-websocket-version": "13",
  // RFC 6455, section 1.3.
  "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
};

function request(path: string, given: Record<string, string | undefined> = {}, method = "GET"): string {
  const headers = { host: "x", authorization: `Bearer ${setup.key}`, ...HANDSHAKE, ...given };
  const lines = Object.entries(headers).flatMap(([name, value]) =>
    value === undefined ? [] : `${name}: ${value}\r\n`,
  );
  return `${method} ${path} HTTP/1.1\r\n${lines.join("")}\r\n`;
}

/** Status, headers and JSON body of the only answer on a connection that then closes. */
async function refusal({ got, closed }: Client): Promise<[number, string, unknown]> {
  await closed;
  const [head = "", body = ""] = got().split("\r\n\r\n");
  return [Number(head.split(" ")[1]), head.toLowerCase(), JSON.parse(body)];
}

describe("a surface without WebSocket refuses an upgrade in its error format", () => {
  const post = { "content-type": "application/json" };
  test.each([
    ["/v1/chat/completions", 405, "method_not_allowed"],
    ["/v1/nothing", 404, "not_found"],
    ["http://169.254.169.254/v1/echo", 404, "not_found"],
    ["/v1/models", 400, "invalid_value"],
    ["/healthz", 400, "invalid_value"],
  ])("%s: %i %s", async (path, status, code) => {
    const [got, head, body] = await refusal(open(request(path, { connection: "Upgrade, close" })));
    expect([got, body]).toMatchObject([status, { error: { code, message: expect.any(String) } }]);
    expect(head).toContain("x-tollgate-request-id:");
    if (status === 405) expect(head).toContain("allow: post, options");
    if (status === 400) expect(body).toMatchObject({ error: { param: "upgrade" } });
  });

  test("its connection serves the next request", async () => {
    const client = open(request("/v1/chat/completions"));
    await waitFor(() => client.got().includes("method_not_allowed"));
    client.socket.write("GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
    await client.closed;
    expect(client.got()).toMatch(/HTTP\/1\.1 405 [\s\S]*HTTP\/1\.1 200 /);
  });

  test("a client that closes its half after the request gets an answer", async () => {
    const client = open(request("/v1/chat/completions"));
    client.socket.end();
    expect(await refusal(client)).toMatchObject([405, {}, { error: { code: "method_not_allowed" } }]);
  });

  test.each([["h2c"], ["websocket"]])(
    "an upgrade offer of %s with a POST is ignored, and the call is answered",
    async (upgrade) => {
      const body = JSON.stringify(ask());
      const length = { "content-length": String(body.length), connection: "Upgrade, close" };
      const client = open(request("/v1/chat/completions", { ...post, ...length, upgrade }, "POST") + body);
      await client.closed;
      expect(client.got()).toMatch(/^HTTP\/1\.1 200 /);
      expect(setup.events).toMatchObject([{ outcome: "complete" }]);
    },
  );

  test("CONNECT is also refused, and its connection is closed", async () => {
    expect(await refusal(open("CONNECT a.example:443 HTTP/1.1\r\nhost: x\r\n\r\n"))).toMatchObject([
      404,
      {},
      { error: { code: "not_found" } },
    ]);
  });
});

describe("a surface with WebSocket", () => {
  const echo = (given: Record<string, string | undefined> = {}, after = ""): Client =>
    open(request("/v1/echo", given) + after);

  test("answers 101 with the accept key and a sub-protocol, and then owns the connection", async () => {
    const client = echo({ "sec-websocket-protocol": "one, two" });
    await waitFor(() => client.got().endsWith("\r\n\r\n"));
    expect(client.got()).toMatch(/^HTTP\/1\.1 101 Switching Protocols\r\n/);
    expect(client.got()).toContain("sec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n");
    expect(client.got()).toContain("sec-websocket-protocol: one\r\n");
    client.socket.write("hello");
    await waitFor(() => client.got().endsWith("hello"));
    expect(gateway.active()).toBe(1);
  });

  test("works with a WebSocket client", async () => {
    const headers = { authorization: `Bearer ${setup.key}` };
    const options = { protocols: ["one", "two"], headers } as unknown as string[];
    const socket = new WebSocket(`ws://127.0.0.1:${server.port}/v1/echo?model=m`, options);
    await once(socket, "open");
    expect(socket.protocol).toBe("one");
    server.cutConnections();
    await once(socket, "close");
  });

  test("first gets the bytes that the client sent after its request", async () => {
    const client = echo({}, "early ");
    client.socket.write("late");
    await waitFor(() => client.got().endsWith("early late"));
  });

  test("gets the end when the client closes its half, and then closes its own", async () => {
    const client = echo({}, "last words");
    client.socket.end();
    await client.closed;
    expect(client.got()).toMatch(/\r\n\r\nlast words$/);
    await gateway.idle();
  });

  test("ends when the client resets the connection", async () => {
    const client = echo();
    await waitFor(() => gateway.active() === 1 && client.got() !== "");
    client.socket.resetAndDestroy();
    await gateway.idle();
  });

  test.each([
    ["no key", { authorization: undefined }, 401, "missing_api_key"],
    ["another version", { "sec-websocket-version": "8" }, 426, "upgrade_required"],
    ["no version", { "sec-websocket-version": undefined }, 426, "upgrade_required"],
    ["no nonce", { "sec-websocket-key": undefined }, 400, "invalid_value"],
    ["a wrong nonce", { "sec-websocket-key": "short" }, 400, "invalid_value"],
  ])("refuses a handshake with %s, drops what came behind it, and closes", async (_what, given, status, code) => {
    const behind = "GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n";
    const client = echo(given, behind);
    const [got, head, body] = await refusal(client);
    expect([got, body]).toMatchObject([status, { error: { code } }]);
    expect(head).toContain("connection: close");
    if (status === 426) expect(head).toContain("sec-websocket-version: 13");
    expect(client.got().match(/HTTP\/1\.1/g)).toHaveLength(1);
    await gateway.idle();
  });

  test("refuses a client that closes its half after the request", async () => {
    const client = echo({ authorization: undefined });
    client.socket.end();
    expect(await refusal(client)).toMatchObject([401, {}, {}]);
  });

  test("requires an upgrade", async () => {
    const plain = open(request("/v1/echo", { connection: "close", upgrade: undefined }));
    const [status, head, body] = await refusal(plain);
    expect([status, body]).toMatchObject([426, { error: { code: "upgrade_required" } }]);
    expect(head).toContain("upgrade: websocket");
  });

  test("refuses an upgrade while an earlier answer on the connection is incomplete: that answer is completed first", async () => {
    setup.provider.script(slow(30));
    const body = JSON.stringify(ask());
    const plain = { "content-type": "application/json", "content-length": String(body.length), upgrade: undefined };
    const call = request("/v1/chat/completions", { ...plain, connection: undefined }, "POST") + body;
    const client = open(call + request("/v1/echo", { connection: "Upgrade, close" }));
    await client.closed;
    expect(client.got()).toMatch(
      /^HTTP\/1\.1 200 [\s\S]*You said[\s\S]*HTTP\/1\.1 400 [\s\S]*requests without a response/,
    );
  });

  test("accepts an upgrade on a connection whose earlier answers are complete", async () => {
    const client = open("GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n");
    await waitFor(() => client.got().includes("HTTP/1.1 200"));
    client.socket.write(request("/v1/echo"));
    await waitFor(() => client.got().includes("HTTP/1.1 101"));
  });

  test("closes the connection if it fails, without HTTP text in the client's stream", async () => {
    const client = open(request("/v1/faulty"));
    await client.closed;
    expect(client.got()).toMatch(/^HTTP\/1\.1 101 [\s\S]*\r\n\r\n$/);
    expect(client.got().match(/HTTP\/1\.1/g)).toHaveLength(1);
    expect(setup.logged.join()).toContain("the session fails");
    await gateway.idle();
  });

  const signal = (drainMs: number): (() => void) =>
    shutdownBySignal({
      ...{ gateway, server, log: setup.ports.log, noticeMs: 0, drainMs, begin: () => {} },
      finish: async () => void finished.push("finished"),
    });
  const finished: string[] = [];

  test("is drained like a call: it is notified when the time is over, and the server closes", async () => {
    finished.length = 0;
    const client = echo();
    await waitFor(() => client.got() !== "");
    signal(0)();
    await client.closed;
    expect(client.got()).toMatch(/bye$/);
    await waitFor(() => finished.length === 1);
  });

  test("is disconnected if it does not end by itself", async () => {
    const client = open(request("/v1/deaf"));
    await waitFor(() => client.got() !== "");
    gateway.shutDown();
    const closed = server.close();
    server.cutConnections();
    await Promise.all([client.closed, closed, gateway.idle()]);
  });
});
