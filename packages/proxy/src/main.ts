import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { createProducer } from "@tollgate/jobs/producer";
import { createClock } from "@tollgate/limits/clock";
import pino from "pino";
import { openLimits } from "./allowance/open-limits.ts";
import { openMemoryCache } from "./cache/memory-cache.ts";
import { openDirectory } from "./directory/directory.ts";
import { openReader } from "./directory/reader.ts";
import { type ProxyEnv, readEnv } from "./env.ts";
import { createProxy } from "./index.ts";
import { openLogOutput } from "./log-output.ts";
import { openMetrics } from "./metrics.ts";
import { openVault } from "./open-vault.ts";
import type { Ports } from "./ports.ts";
import { processNumber, runProcesses } from "./processes.ts";
import { openBreaker } from "./routing/breaker.ts";
import { listenMetrics, listenProxy } from "./server.ts";
import { spoolNames } from "./spool/name.ts";
import { openSpool } from "./spool/spool.ts";
import { openUpstream } from "./upstream.ts";

const POLICY_FILE = "policy.json";
const READY_POLL_MS = 50;

async function start(env: ProxyEnv, number: number | null): Promise<void> {
  const clock = createClock();
  const { now } = clock;
  const output = openLogOutput();
  const log = pino({ level: env.TOLLGATE_LOG_LEVEL, base: null }, output);
  for (const warning of env.warnings) log.warn({}, warning);
  // One call's mishap must not end the others.
  process.on("unhandledRejection", (error) => log.error({ err: String(error) }, "unhandled rejection"));
  process.on("uncaughtException", (error) => log.error({ err: error.stack }, "uncaught exception"));

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
    onAdopting: (adopted) => limits.adopting(adopted),
    onAdopted: () => limits.adopted(),
    onRemoving: (adopted) => limits.removing(adopted),
    now,
  });
  const limits = openLimits({
    redisUrl: env.PROXY_PROCESSES > 1 ? (env.REDIS_URL ?? null) : null,
    reader,
    spool,
    log,
    clock,
    spools: () => spoolNames(env.spoolDir),
    stopping: stopping.signal,
  });
  const directory = await openDirectory({
    connectionString: env.TOLLGATE_PROXY_DATABASE_URL,
    reader,
    file: path.join(env.dataDir, POLICY_FILE),
    log,
    now,
    staleAfterMs: env.TOLLGATE_POLICY_ALERT_MS,
    refuseAfterMs: env.TOLLGATE_POLICY_REFUSE_MS || null,
    onSettled: limits.changed,
  });
  void limits.start();

  const metrics = openMetrics({ policy: directory.age, spool: spool.status });
  const upstream = openUpstream({
    connectTimeoutMs: env.TOLLGATE_CONNECT_TIMEOUT_MS,
    headerTimeoutMs: env.TOLLGATE_HEADER_TIMEOUT_MS,
    idleTimeoutMs: env.TOLLGATE_IDLE_TIMEOUT_MS,
    privateHosts: env.privateHosts,
  });
  const cache = openMemoryCache({ bytesMax: env.TOLLGATE_CACHE_BYTES_MAX, now });
  const ports: Ports = {
    directory,
    limits: limits.store,
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
      bodiesBytesMax: env.TOLLGATE_BODIES_BYTES_MAX,
      bodyTimeoutMs: env.TOLLGATE_BODY_TIMEOUT_MS,
      totalTimeoutMs: env.TOLLGATE_TOTAL_TIMEOUT_MS,
      keepaliveMs: 15_000,
      writeStallMs: 60_000,
      retryFloorMs: 250,
      retryAfterMaxMs: 5_000,
      leftDrainMs: env.TOLLGATE_LEFT_DRAIN_MS,
      brokenAnswers: env.TOLLGATE_BROKEN_ANSWERS,
      spoolFull: env.TOLLGATE_SPOOL_FULL,
      trustedProxies: env.TOLLGATE_TRUSTED_PROXIES,
      docsUrl: env.TOLLGATE_DOCS_URL,
    },
  };
  const gateway = createProxy(ports);
  const shared = number !== null;
  // One of several leaves the port to the others until it knows the policy.
  while (shared && !directory.ready() && !stopping.signal.aborted) await pause(READY_POLL_MS);
  const server = await listenProxy(
    gateway,
    { port: env.PROXY_PORT, host: env.PROXY_HOST, shared },
    env.TOLLGATE_DOCS_URL,
  );
  const metricsPort = env.METRICS_PORT && env.METRICS_PORT + (number ?? 1) - 1;
  const metricsServer = await listenMetrics(metrics, { port: metricsPort, host: env.PROXY_HOST, shared: false });
  log.info({ port: server.port, metricsPort: metricsServer.port, spoolId: spool.status().spoolId }, "listening");

  /** Calls under way are finished first, then what they wrote is shipped, then the lights go out. */
  const stop = async (): Promise<void> => {
    if (stopping.signal.aborted) process.exit(1);
    stopping.abort();
    log.info({ active: gateway.active() }, "draining");
    await server.close(env.TOLLGATE_DRAIN_MS);
    await gateway.idle();
    await spool.close();
    await Promise.allSettled([
      directory.close(),
      producer.close(),
      upstream.close(),
      cache.close(),
      limits.store.close(),
    ]);
    await Promise.allSettled([reader.close(), metricsServer.close(0)]);
    log.info({}, "stopped");
    output.flushSync();
    process.exit(0);
  };
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
  process.on("disconnect", stop);
}

try {
  const env = readEnv();
  const number = processNumber(process.argv);
  if (number === null && env.PROXY_PROCESSES > 1) await runProcesses(import.meta.filename, env.PROXY_PROCESSES);
  else await start(env, number);
} catch (error) {
  const text = error instanceof Error ? error.message : String(error);
  process.stderr.write(`${text.replace(/^/gm, "proxy: ")}\n`);
  process.exit(1);
}
