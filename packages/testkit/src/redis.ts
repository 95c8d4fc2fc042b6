import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { Redis } from "ioredis";
import { freePort } from "./cluster.ts";
import { programMissing } from "./debian.ts";
import { waitFor } from "./wait-for.ts";

export interface TestRedis {
  url: string;
  /** Process id of the running server, for SIGSTOP. */
  readonly process: ChildProcess;
  /** Sends SIGKILL. All data is lost except what `BGSAVE` wrote. */
  kill(): Promise<void>;
  /** Starts it again at the same address. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Null if Redis is installed. Otherwise the reason to skip a test that needs it. */
export const redisMissing = (): Promise<string | null> => programMissing("redis-server");

/** Runs one command on a new connection, as the user of the URL. */
export async function redisCommand(url: string, command: string, ...args: string[]): Promise<unknown> {
  const client = new Redis(url, { lazyConnect: true, retryStrategy: () => null });
  client.on("error", () => {});
  try {
    await client.connect();
    return await client.call(command, ...args);
  } finally {
    client.disconnect();
  }
}

/**
 * Starts a Redis on 127.0.0.1 that does not save by itself. Throws if `redisMissing` gives a
 * reason.
 */
export async function testRedis(): Promise<TestRedis> {
  const port = await freePort();
  const dir = await mkdtemp(path.join(tmpdir(), "tollgate-redis-"));
  const url = `redis://127.0.0.1:${port}`;
  const settings = { port, bind: "127.0.0.1", dir, save: "", appendonly: "no" };
  const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]);

  async function launch(): Promise<ChildProcess> {
    const server = spawn("redis-server", args, { stdio: "ignore" });
    await once(server, "spawn");
    const client = new Redis(url, { lazyConnect: true, retryStrategy: () => 20, maxRetriesPerRequest: null });
    client.on("error", () => {});
    await waitFor(() => client.ping(), { timeoutMs: 10_000 });
    client.disconnect();
    return server;
  }

  let server = await launch();
  async function kill(): Promise<void> {
    if (server.exitCode !== null || server.signalCode !== null) return;
    const ended = once(server, "exit");
    server.kill("SIGKILL");
    await ended;
  }
  return {
    url,
    get process() {
      return server;
    },
    kill,
    async start() {
      server = await launch();
    },
    async stop() {
      await kill();
      await rm(dir, { recursive: true, force: true });
    },
  };
}
