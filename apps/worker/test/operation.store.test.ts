import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { connect, createServer, type Server, type Socket } from "node:net";
import { freePort } from "@tollgate/testkit/cluster";
import { waitFor as waitForUp } from "@tollgate/testkit/wait-for";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openTestSetup, type TestSetup } from "./test-setup.ts";

/** A worker starts within seconds and checks its parts every five seconds. */
const waitFor = <T>(attempt: () => T | Promise<T>) => waitForUp(attempt);

let setup: TestSetup;
beforeAll(async () => {
  setup = await openTestSetup();
});

/** A TCP proxy in front of the test's Postgres, which can be closed. */
async function closableProxy(url: string) {
  const { hostname, port } = new URL(url);
  const sockets = new Set<Socket>();
  const server: Server = createServer((client) => {
    const upstream = connect(Number(port), hostname);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on("error", () => {}).on("close", () => sockets.delete(socket));
    }
    client.pipe(upstream).pipe(client);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const behind = new URL(url);
  behind.hostname = "127.0.0.1";
  behind.port = String((server.address() as AddressInfo).port);
  const shut = (): void => {
    server.close();
    for (const socket of sockets) socket.destroy();
  };
  afterAll(shut);
  return { url: behind.href, shut };
}

test("a worker reports readiness, waiting jobs and finished jobs", async () => {
  const port = await freePort();
  setup.work({ WORKER_METRICS_PORT: String(port) });
  const get = async (path: string) => fetch(`http://127.0.0.1:${port}${path}`);
  await waitFor(async () => (await get("/readyz")).ok);
  expect(await (await get("/readyz")).json()).toMatchObject({ status: "ready", database: "ok", queue: "ok" });
  expect((await get("/healthz")).status).toBe(200);
  await setup.ship(await setup.organisation(), 3);
  const text = await waitFor(async () => {
    const said = await (await get("/metrics")).text();
    return said.includes('tollgate_ingest_events_total{result="inserted"} 3') ? said : undefined;
  });
  expect(text).toMatch(/tollgate_queue_oldest_waiting_seconds\{queue="ingest"\} \d/);
  expect(text).toMatch(/tollgate_queue_jobs\{queue="alerts",state="delayed"\} \d/);
  expect(text).toMatch(/tollgate_jobs_total\{job="usage.ingest",result="ok"\} 3/);
  expect(text).toMatch(/tollgate_build_info\{version="[^"]+",node="[^"]+",process="worker"\} 1/);
  expect((await get("/")).status).toBe(404);
});

test("a worker without its database is alive and not ready", async () => {
  const [port, postgres] = [await freePort(), await closableProxy(setup.database.ingestUrl)];
  setup.work({ WORKER_METRICS_PORT: String(port), TOLLGATE_INGEST_DATABASE_URL: postgres.url });
  const get = async (path: string) => fetch(`http://127.0.0.1:${port}${path}`);
  await waitFor(async () => (await get("/readyz")).ok);
  postgres.shut();
  // The queue may report the failure first.
  await waitFor(async () => {
    const answer = await get("/readyz");
    const { status, database } = (await answer.json()) as { status: string; database: string };
    return answer.status === 503 && status === "unhealthy" && database !== "ok";
  });
  expect((await get("/healthz")).status).toBe(200);
});
