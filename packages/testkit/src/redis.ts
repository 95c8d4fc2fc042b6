import { type ChildProcess, execFile, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { Redis } from "ioredis";
import { freePort } from "./cluster.ts";
import { waitFor } from "./wait-for.ts";

const run = promisify(execFile);

export interface TestRedis {
  url: string;
  /** The one running now: for pausing it with SIGSTOP. */
  readonly process: ChildProcess;
  /** SIGKILL: what it knew is gone, but for what `BGSAVE` wrote. */
  kill(): Promise<void>;
  /** Again, at the same address. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

const isThere = (): boolean => spawnSync("redis-server", ["--version"], { stdio: "ignore" }).status === 0;

/** Null when there is one to be had; else why a test that needs Redis must be skipped. */
export async function redisMissing(): Promise<string | null> {
  if (isThere()) return null;
  if (process.getuid?.() !== 0) return "no redis-server on PATH";
  // The lock waits for a parallel test file that is installing too.
  const install = ["-o", "DPkg::Lock::Timeout=60", "install", "-y", "--no-install-recommends", "redis-server"];
  await run("apt-get", install, { timeout: 120_000 }).catch(() => {});
  return isThere() ? null : "no redis-server on PATH, and apt-get could not install it";
}

/** One command on a connection of its own, as the user of the URL. */
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
 * A Redis of the caller's own on 127.0.0.1 that saves nothing of its own accord. Throws where `redisMissing` gives a
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
