import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { createProducer } from "@tollgate/jobs/producer";
import { createMemoryStore } from "@tollgate/limits/memory-store";
import pino from "pino";
import { untilSeeded } from "./allowance/seeded-limits.ts";
import { createSeeder } from "./allowance/seeder.ts";
import { openMemoryCache } from "./cache/memory-cache.ts";
import { openDirectory } from "./directory/directory.ts";
import { openReader } from "./directory/reader.ts";
import { type ProxyEnv, readEnv } from "./env.ts";
import { createProxy } from "./index.ts";
import { openMetrics } from "./metrics.ts";
import { openVault } from "./open-vault.ts";
import type { Ports } from "./ports.ts";
import { openBreaker } from "./routing/breaker.ts";
import { listenMetrics, listenProxy } from "./server.ts";
import { openSpool } from "./spool/spool.ts";
import { openUpstream } from "./upstream.ts";

const POLICY_FILE = "policy.json";

async function start(env: ProxyEnv): Promise<void> {
  const now = Date.now;
  const output = pino.destination({ sync: false });
  const log = pino({ level: env.TOLLGATE_LOG_LEVEL, base: null }, output);
  process.on("unhandledRejection", (error) => log.error({ err: String(error) }, "unhandled rejection"));

  const stopping = new AbortController();
  const reader = openReader(env.TOLLGATE_PROXY_DATABASE_URL);
  const producer = createProducer({
    url: env.TOLLGATE_PROXY_DATABASE_URL,
    redisUrl: env.REDIS_URL,
    onError: (error) => log.warn({ err: error.message }, "queue"),
  });
  const spool = await openSpool({
    dir: env.spoolDir,
    producer,
    readCursor: async (spoolId) => (await reader.spoolCursor(spoolId))?.position ?? 0n,
    onError: (error) => log.warn({ err: error.message }, "spool"),
    onAdopted: () => void seeder.start(),
    now,
  });
  const limits = untilSeeded(createMemoryStore({ now }));
  const seeder = createSeeder({ reader, spool, limits, log, stopping: stopping.signal });
  const directory = await openDirectory({
    connectionString: env.TOLLGATE_PROXY_DATABASE_URL,
    reader,
    file: path.join(env.dataDir, POLICY_FILE),
    log,
    now,
    onCounters: seeder.changed,
  });
  void seeder.start();

  const metrics = openMetrics(directory.ageMs);
  const upstream = openUpstream({
    connectTimeoutMs: env.TOLLGATE_CONNECT_TIMEOUT_MS,
    headerTimeoutMs: env.TOLLGATE_HEADER_TIMEOUT_MS,
    idleTimeoutMs: env.TOLLGATE_IDLE_TIMEOUT_MS,
    privateHosts: env.privateHosts,
  });
  const cache = openMemoryCache({ bytesMax: env.TOLLGATE_CACHE_BYTES_MAX, now });
  const ports: Ports = {
    directory,
    limits,
    spool,
    vault: await openVault(env.TOLLGATE_KEY_PEPPER, env.TOLLGATE_SEAL_PRIVATE_KEY),
    cache,
    upstream,
    health: openBreaker({ failuresMax: 5, restMs: 10_000, now }),
    metrics,
    log,
    now,
    sleep: (ms, signal) => pause(ms, undefined, { signal }).catch(() => {}),
    random: Math.random,
    draining: () => stopping.signal.aborted,
    settings: {
      bodyBytesMax: env.TOLLGATE_BODY_BYTES_MAX,
      bodyTimeoutMs: env.TOLLGATE_BODY_TIMEOUT_MS,
      totalTimeoutMs: env.TOLLGATE_TOTAL_TIMEOUT_MS,
      keepaliveMs: 15_000,
      writeStallMs: 60_000,
      retryFloorMs: 250,
      retryAfterMaxMs: 5_000,
      docsUrl: env.TOLLGATE_DOCS_URL,
    },
  };
  const gateway = createProxy(ports);
  const server = await listenProxy(gateway, env.PROXY_PORT, env.PROXY_HOST, env.TOLLGATE_DOCS_URL);
  const metricsServer = await listenMetrics(metrics, env.METRICS_PORT, env.PROXY_HOST);
  log.info({ port: server.port, metricsPort: metricsServer.port, spoolId: spool.status().spoolId }, "listening");

  /** Calls under way are finished first, then what they wrote is shipped, then the lights go out. */
  const stop = async (): Promise<void> => {
    if (stopping.signal.aborted) process.exit(1);
    stopping.abort();
    log.info({ active: gateway.active() }, "draining");
    await server.close(env.TOLLGATE_DRAIN_MS);
    await spool.close();
    await Promise.allSettled([directory.close(), producer.close(), upstream.close(), cache.close(), limits.close()]);
    await Promise.allSettled([reader.close(), metricsServer.close(0)]);
    log.info({}, "stopped");
    output.flushSync();
    process.exit(0);
  };
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
}

try {
  await start(readEnv());
} catch (error) {
  process.stderr.write(`proxy: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
