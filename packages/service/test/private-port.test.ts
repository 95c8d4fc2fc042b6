import { createServer } from "node:http";
import { listen } from "@tollgate/service/listen";
import { openLog } from "@tollgate/service/log";
import { listenPrivate, type PrivatePort, type Readiness } from "@tollgate/service/private-port";
import { afterEach, expect, test } from "vitest";

const open: PrivatePort[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
});

const LOCAL = { host: "127.0.0.1", setting: "METRICS_PORT" };

async function privatePort(ready: () => Readiness, metrics: string | null): Promise<string> {
  const opened = await listenPrivate({ ...LOCAL, port: 0, ready, metrics: async () => metrics });
  open.push(opened);
  return `http://127.0.0.1:${opened.port}`;
}

test("serves health, readiness with the reason, and metrics, and nothing else", async () => {
  let isReady = false;
  const origin = await privatePort(
    () => ({ isReady, body: { status: isReady ? "ready" : "starting" } }),
    "a_metric 1\n",
  );
  expect((await fetch(`${origin}/healthz`)).status).toBe(200);
  const refused = await fetch(`${origin}/readyz`);
  expect([refused.status, await refused.json()]).toEqual([503, { status: "starting" }]);
  isReady = true;
  expect((await fetch(`${origin}/readyz`)).status).toBe(200);
  const metrics = await fetch(`${origin}/metrics`);
  expect([metrics.headers.get("content-type"), await metrics.text()]).toEqual([
    "text/plain; version=0.0.4; charset=utf-8",
    "a_metric 1\n",
  ]);
  expect((await fetch(`${origin}/v1/models`)).status).toBe(404);
  expect((await fetch(`${origin}/metrics`, { method: "POST" })).status).toBe(404);
});

test("metrics that do not exist yet give 503", async () => {
  const origin = await privatePort(() => ({ isReady: false, body: {} }), null);
  expect((await fetch(`${origin}/metrics`)).status).toBe(503);
});

test("the error for a port in use names its setting", async () => {
  const server = createServer();
  const port = await listen(server, { ...LOCAL, port: 0 });
  await expect(listen(createServer(), { ...LOCAL, port })).rejects.toThrow(
    `port ${port} is taken: free it, or set METRICS_PORT to another one.`,
  );
  server.close();
});

test("a log line has an ISO time, the level's name, and which process wrote it", () => {
  const lines: string[] = [];
  const log = openLog({ name: "proxy", level: "info", process: 3 }, { write: (line) => void lines.push(line) });
  log.warn({ client: "10.0.0.1" }, "hello");
  log.debug("too quiet");
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    {
      level: "warn",
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      name: "proxy",
      process: 3,
      pid: process.pid,
      client: "10.0.0.1",
      msg: "hello",
    },
  ]);
});
