import { setTimeout as pause } from "node:timers/promises";
import { uuidV7 } from "@tollgate/contracts/ids";
import { createProducer } from "@tollgate/jobs/producer";
import { createClock } from "@tollgate/limits/clock";
import { addBuildInfo } from "@tollgate/service/build-info";
import { openLog, openQuickInfo } from "@tollgate/service/log";
import { listenPrivate, type Readiness } from "@tollgate/service/private-port";
import { Registry } from "prom-client";
import { openLimits } from "./allowance/open-limits.ts";
import { Lanes } from "./body/steps.ts";
import { openMemoryCache } from "./cache/memory-cache.ts";
import { openDirectory } from "./directory/directory.ts";
import { openLeases } from "./directory/leases.ts";
import { openReader } from "./directory/reader.ts";
import { openTaskClaims } from "./directory/task-claims.ts";
import { type ProxyEnv, readEnv } from "./env.ts";
import { openThreads } from "./guardrails/threads.ts";
import { createProxy } from "./index.ts";
import { openKept } from "./kept/open-kept.ts";
import { openLogOutput } from "./log-output.ts";
import { type Metrics, openMetrics } from "./metrics.ts";
import { openVault } from "./open-vault.ts";
import type { Ports } from "./ports.ts";
import { observeProcesses } from "./processes/observe.ts";
import { answerParent } from "./processes/parent.ts";
import { processNumber, runProcesses } from "./processes/run-processes.ts";
import { openTokens } from "./providers/auth/tokens.ts";
import { openBreaker } from "./routing/breaker.ts";
import { openLessons } from "./routing/lessons.ts";
import { openPauses } from "./routing/pauses.ts";
import { openRetryBudget } from "./routing/retry-budget.ts";
import { listenProxy } from "./server.ts";
import { shutdownBySignal } from "./shutdown.ts";
import { spoolNames } from "./spool/name.ts";
import { signBatches } from "./spool/sign-batches.ts";
import { openSpool } from "./spool/spool.ts";
import { readiness } from "./surfaces/health.ts";
import { guardedGet, guardedPost } from "./tasks/guarded-get.ts";
import { guardedStream } from "./tasks/guarded-stream.ts";
import { openTasks } from "./tasks/open-tasks.ts";
import { reportLesson } from "./tasks/report-lesson.ts";
import { openUpstreams } from "./upstreams.ts";

const READY_POLL_MS = 50;
/** How long a single process waits for the policy before it listens. */
const ALONE_WAIT_MS = 5_000;
/** How long a stop waits until the ledger has the last usage records. */
const SHIP_MS = 2_000;

async function start(env: ProxyEnv, number: number | null): Promise<void> {
  const clock = createClock();
  const { now } = clock;
  const output = openLogOutput();
  const logged = { name: "proxy", level: env.TOLLGATE_LOG_LEVEL, process: number ?? 1 };
  const log = openLog(logged, output);
  for (const warning of env.warnings) log.warn({}, warning);
  // An error in one call must not end the others.
  process.on("unhandledRejection", (error) => log.error({ err: String(error) }, "unhandled rejection"));
  process.on("uncaughtException", (error) => log.error({ err: error.stack }, "uncaught exception"));

  const parent = answerParent();
  // Before it listens there is nothing to finish, and the state on disk survives a kill.
  let stop = (): void => process.exit(0);
  for (const event of ["SIGTERM", "SIGINT", "disconnect"]) process.on(event, () => stop());
  const stopping = new AbortController();
  // Opened first, because a start may take long and /readyz must show it.
  let metrics: Metrics | null = null;
  let readyNow = (): Readiness => ({ isReady: false, body: { status: "starting" } });
  const processRegistry = new Registry();
  addBuildInfo(processRegistry, "proxy");
  observeProcesses(processRegistry, parent.state);
  const privatePort = await listenPrivate({
    port: env.METRICS_PORT && env.METRICS_PORT + (number ?? 1) - 1,
    host: env.PROXY_HOST,
    setting: "METRICS_PORT",
    ready: () => readyNow(),
    metrics: async () => metrics && `${await metrics.text()}\n${await processRegistry.metrics()}`,
  });

  const reader = openReader(env.TOLLGATE_PROXY_DATABASE_URL, { replicaUrl: env.TOLLGATE_POLICY_DATABASE_URL });
  const queue = createProducer({
    url: env.TOLLGATE_PROXY_DATABASE_URL,
    redisUrl: env.REDIS_URL,
    onError: (error) => log.warn({ err: error.message }, "the job queue has a problem"),
  });
  const producer = signBatches(queue, env.TOLLGATE_EVENT_KEY);
  const spool = await openSpool({
    dir: env.spoolDir,
    producer,
    readCursor: async (spoolId) => (await reader.spoolCursor(spoolId))?.position ?? 0n,
    onError: (error) => log.warn({ err: error.message }, "the spool has a problem; usage is kept and tried again"),
    onAdopting: (adopted) => limits.adopting(adopted),
    onAdopted: () => limits.adopted(),
    onRemoving: (adopted) => limits.removing(adopted),
    now,
  });
  const limits = openLimits({
    redisUrl: env.REDIS_URL ?? null,
    reader,
    leases: openLeases(env.TOLLGATE_PROXY_DATABASE_URL),
    spool,
    log,
    clock,
    spools: () => spoolNames(env.spoolDir),
    stopping: stopping.signal,
  });
  const vault = await openVault(
    env.TOLLGATE_KEY_PEPPER,
    env.TOLLGATE_SEAL_PRIVATE_KEY,
    env.TOLLGATE_SEAL_PRIVATE_KEY_PREVIOUS ?? null,
  );
  const lanes = new Lanes();
  const tasks = openTasks({
    claims: openTaskClaims(env.TOLLGATE_PROXY_DATABASE_URL, uuidV7(now())),
    tools: {
      vault,
      get: guardedGet(env.privateHosts),
      post: guardedPost(env.privateHosts),
      stream: guardedStream(env.privateHosts),
      lanes,
      now,
    },
    producer,
    eventKey: env.TOLLGATE_EVENT_KEY,
    log,
    onEnd: (kind, outcome) => metrics?.taskEnded(kind, outcome),
  });
  const directory = await openDirectory({
    connectionString: env.TOLLGATE_LISTEN_DATABASE_URL ?? env.TOLLGATE_PROXY_DATABASE_URL,
    reader,
    dir: env.dataDir,
    processId: spool.status().spoolId,
    log,
    now,
    staleAfterMs: env.TOLLGATE_POLICY_ALERT_MS,
    refuseAfterMs: env.TOLLGATE_POLICY_REFUSE_MS || null,
    onSettled: limits.changed,
    onTask: tasks.look,
    onStale: (oldest) => {
      const stale = oldest.map(({ orgId, ageMs }) => ({ orgId, sinceMs: Math.round(now() - ageMs) }));
      producer.enqueue("policy.stale", { stale }).catch((error: unknown) => {
        log.warn({ err: String(error) }, "an alert about stale policy cannot be sent");
      });
    },
  });
  void limits.start();

  const health = openBreaker({ failuresMin: 5, restMs: 10_000 });
  const ownMetrics = openMetrics({
    policy: directory.age,
    spool: spool.status,
    resting: health.resting,
    active: () => gateway.active(),
    ownsLimits: limits.isConfirmed,
    oldestTaskMs: tasks.oldestMs,
  });
  const upstreams = openUpstreams({
    connectTimeoutMs: env.TOLLGATE_CONNECT_TIMEOUT_MS,
    headerTimeoutMs: env.TOLLGATE_HEADER_TIMEOUT_MS,
    idleTimeoutMs: env.TOLLGATE_IDLE_TIMEOUT_MS,
    originConcurrency: env.TOLLGATE_ORIGIN_CONCURRENCY,
    originWaitMs: env.TOLLGATE_ORIGIN_WAIT_MS,
    privateHosts: env.privateHosts,
  });
  const guardrails = openThreads({
    lanes,
    threads: env.TOLLGATE_GUARDRAIL_THREADS,
    onError: (error) => log.error({ err: error.message }, "a guardrail thread failed"),
  });
  const kept = openKept({ ...env, key: env.TOLLGATE_SEAL_PRIVATE_KEY, log });
  const cache = openMemoryCache({ bytesMax: env.TOLLGATE_CACHE_BYTES_MAX });
  const ports: Ports = {
    directory,
    limits: ownMetrics.measureLimits(limits.store),
    limitGate: limits.gate,
    spool,
    vault,
    tokens: openTokens(now),
    cache,
    kept,
    upstreams,
    health,
    pauses: openPauses({ onPause: (pause) => log.warn(pause, "a credential is paused") }),
    retryBudget: openRetryBudget(),
    lessons: openLessons({ onLearnt: reportLesson(producer, env.TOLLGATE_EVENT_KEY, log) }),
    guardrails,
    lanes,
    metrics: ownMetrics,
    log: {
      info: openQuickInfo(log, logged, output),
      warn: (fields, message) => log.warn(fields, message),
      error: (fields, message) => log.error(fields, message),
    },
    now,
    sleep: (ms, signal) => pause(ms, undefined, { signal }).catch(() => {}),
    random: Math.random,
    draining: () => stopping.signal.aborted,
    processes: parent.state,
    settings: {
      bodyBytesMax: env.TOLLGATE_BODY_BYTES_MAX,
      bodiesBytesMax: env.TOLLGATE_BODIES_BYTES_MAX,
      bodyTimeoutMs: env.TOLLGATE_BODY_TIMEOUT_MS,
      totalTimeoutMs: env.TOLLGATE_TOTAL_TIMEOUT_MS,
      firstTokenTimeoutMs: env.TOLLGATE_FIRST_TOKEN_TIMEOUT_MS,
      keepaliveMs: 15_000,
      writeStallMs: 60_000,
      retryPauseMs: 500,
      retryAfterMaxMs: 5_000,
      leftDrainMs: env.TOLLGATE_LEFT_DRAIN_MS,
      brokenAnswers: env.TOLLGATE_BROKEN_ANSWERS,
      spoolFull: env.TOLLGATE_SPOOL_FULL,
      trustedProxies: env.trustedProxies,
      docsUrl: env.TOLLGATE_DOCS_URL,
    },
  };
  metrics = ownMetrics;
  readyNow = () => readiness(ports);
  const gateway = createProxy(ports);
  const shared = number !== null;
  // A load balancer without health checks sends calls to every listener, so a process listens only when the policy is
  // known. A single process waits only a limited time, so that its clients get an error instead of no connection.
  const waitUntil = performance.now() + (shared ? Number.POSITIVE_INFINITY : ALONE_WAIT_MS);
  while (!directory.ready() && performance.now() < waitUntil) await pause(READY_POLL_MS);
  const server = await listenProxy(
    gateway,
    { port: env.PROXY_PORT, host: env.PROXY_HOST, setting: "PROXY_PORT", shared },
    env.TOLLGATE_DOCS_URL,
  );
  parent.serving();
  log.info({ port: server.port, metricsPort: privatePort.port, spoolId: spool.status().spoolId }, "listening");

  stop = shutdownBySignal({
    gateway,
    server,
    log,
    noticeMs: env.TOLLGATE_DRAIN_NOTICE_MS,
    drainMs: env.TOLLGATE_DRAIN_MS,
    begin: () => stopping.abort(),
    /** Ships the remaining usage, then closes everything. */
    async finish() {
      // With counters in memory, the next proxy may have another disk and then sees only the usage in the ledger.
      const shipUntil = performance.now() + (env.REDIS_URL === undefined ? SHIP_MS : 0);
      while (spool.status().unacknowledgedBytes > 0 && performance.now() < shipUntil) await pause(READY_POLL_MS);
      await spool.close();
      await tasks.close();
      await Promise.allSettled([
        directory.close(),
        producer.close(),
        upstreams.close(),
        cache.close(),
        kept?.close(),
        guardrails.close(),
        limits.close(),
      ]);
      await Promise.allSettled([reader.close(), privatePort.close()]);
      log.info({}, "stopped");
      output.flushSync();
      process.exit(0);
    },
  });
}

try {
  const env = readEnv();
  const number = processNumber(process.argv);
  if (number === null && env.PROXY_PROCESSES > 1) {
    const log = openLog({ name: "proxy", level: env.TOLLGATE_LOG_LEVEL, process: 0 });
    await runProcesses(import.meta.filename, env.PROXY_PROCESSES, log);
  } else await start(env, number);
} catch (error) {
  const text = error instanceof Error ? error.message : String(error);
  process.stderr.write(`${text.replace(/^/gm, "proxy: ")}\n`);
  process.exit(1);
}
