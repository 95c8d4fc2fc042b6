import { once } from "node:events";
import { connect } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createProxy } from "../../src/index.ts";
import { listenProxy, type RunningServer } from "../../src/server.ts";
import { openSetup, type Setup } from "../setup.ts";

const LOCAL = { port: 0, host: "127.0.0.1", setting: "PROXY_PORT" };

let setup: Setup;
let server: RunningServer;

beforeAll(async () => {
  setup = await openSetup({ settings: { bodyTimeoutMs: 100 } });
  server = await listenProxy(createProxy(setup.ports), LOCAL, "https://docs.example");
});
afterAll(async () => {
  server.cutConnections();
  await server.close();
  await setup.close();
});

/** The answer to exactly these bytes, when the server closes or `until` has arrived. */
async function raw(bytes: string, until = /\r\n\r\n[\s\S]*\}/): Promise<string> {
  const socket = connect(server.port, "127.0.0.1");
  socket.write(bytes);
  let answer = "";
  socket.on("data", (chunk) => {
    answer += chunk;
    if (until.test(answer)) socket.destroy();
  });
  socket.on("error", () => {});
  await once(socket, "close");
  return answer;
}

const get = (target: string, headers = ""): string => `GET ${target} HTTP/1.1\r\nhost: x\r\n${headers}\r\n`;
const post = (headers: string, body = ""): string =>
  `POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${setup.key}\r\ncontent-type: application/json\r\n${headers}\r\n${body}`;

test.each([
  ["two lengths", () => post("content-length: 2\r\ncontent-length: 3\r\n", "{}"), 400],
  ["a length and chunks", () => post("content-length: 2\r\ntransfer-encoding: chunked\r\n", "0\r\n\r\n"), 400],
  ["an odd length", () => post("content-length: +5\r\n", "{}"), 400],
  ["an unknown transfer encoding", () => post("transfer-encoding: xchunked\r\n", "{}"), 400],
  ["a space in a name", () => get("/healthz", "bad name: x\r\n"), 400],
  ["no host", () => "GET /healthz HTTP/1.1\r\n\r\n", 400],
  ["two hosts", () => get("/healthz", "host: y\r\n"), 400],
  ["headers too large", () => get("/healthz", `x-big: ${"x".repeat(17_000)}\r\n`), 431],
  ["too many headers", () => get("/healthz", Array.from({ length: 110 }, (_, n) => `x-${n}: y\r\n`).join("")), 431],
  ["a URL too long", () => get(`/v1/models/${"x".repeat(9_000)}`), 414],
  ["an absolute URL", () => get("http://169.254.169.254/latest"), 404],
])("%s", async (_name, bytes, status) => {
  const answer = await raw(bytes(), /\r\n\r\n/);
  expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
});

test("a malformed request gets the usual error format with an id, and the connection is closed", async () => {
  const answer = await raw(get("/healthz", "bad name: x\r\n"));
  expect(answer).toMatch(/x-tollgate-request-id: [0-9a-f-]{36}/);
  expect(answer).toMatch(/connection: close/);
  expect(JSON.parse(answer.slice(answer.indexOf("{")))).toMatchObject({ error: { type: "invalid_request_error" } });
});

test("a body that does not arrive", async () => {
  const answer = await raw(post("content-length: 100\r\n", "{"));
  expect(answer).toMatch(/^HTTP\/1.1 408 /);
  expect(answer).toContain("request_timeout");
});

test("on stop, calls under way finish and no new ones are accepted", async () => {
  const second = await listenProxy(createProxy(setup.ports), LOCAL, "https://docs.example");
  const response = await fetch(`http://127.0.0.1:${second.port}/healthz`);
  expect(response.status).toBe(200);
  await second.close();
  await expect(fetch(`http://127.0.0.1:${second.port}/healthz`)).rejects.toThrow();
});

test("a client that never ends its headers is disconnected, also while it sends", async () => {
  const strict = await listenProxy(createProxy(setup.ports), LOCAL, "https://docs.example", {
    headersTimeoutMs: 50,
    checkIntervalMs: 20,
  });
  const socket = connect(strict.port, "127.0.0.1");
  socket.on("error", () => {});
  socket.write("GET /healthz HTTP/1.1\r\nhost: x\r\n");
  const drip = setInterval(() => socket.write("x-slow: 1\r\n"), 10);
  let answer = "";
  socket.on("data", (chunk) => {
    answer += chunk;
  });
  await once(socket, "close");
  clearInterval(drip);
  expect(answer).toMatch(/^HTTP\/1.1 408 /);
  await strict.close();
});

test("a thousand pipelined requests on one connection are refused, and it is closed", async () => {
  const answer = await raw(get("/v1/models", `authorization: Bearer ${setup.key}\r\n`).repeat(1_000), /^$/);
  expect(answer.match(/HTTP\/1.1 200 /g)?.length ?? 0).toBeLessThan(1_000);
  expect(answer).toContain("overloaded");
});

test.each(["TRACE", "PROPFIND", "DELETE", "QUERY"])("%s is not supported by any endpoint", async (method) => {
  const answer = await raw(`${method} /v1/chat/completions HTTP/1.1\r\nhost: x\r\n\r\n`);
  expect(answer).toMatch(/^HTTP\/1.1 405 /);
  expect(answer).toMatch(/allow: POST/i);
});
