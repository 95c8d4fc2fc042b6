import { setTimeout as pause } from "node:timers/promises";
import { openAlerts } from "@tollgate/control/alerts/open-alerts";
import { openLedger } from "@tollgate/control/ledger/open-ledger";
import { openTaskResults } from "@tollgate/control/tasks/open-task-results";
import { checkRedis, UnfitRedis } from "@tollgate/jobs/check-redis";
import { observeQueues } from "@tollgate/jobs/observe";
import { createProducer } from "@tollgate/jobs/producer";
import { type Running, runWorkers } from "@tollgate/jobs/runtime";
import { openLog } from "@tollgate/service/log";
import { listenPrivate } from "@tollgate/service/private-port";
import { readEnv } from "./env.ts";
import { handlers } from "./handlers.ts";
import { watchHealth } from "./health.ts";
import { openMetrics } from "./metrics.ts";
import { openMail } from "./outbound/mail.ts";
import { openPost } from "./outbound/post.ts";

const RETRY_MS = 1_000;

async function work(): Promise<void> {
  const { settings: env, warnings } = readEnv();
  const log = openLog({ name: "worker", level: env.TOLLGATE_LOG_LEVEL });
  for (const warning of warnings) log.warn(warning);

  const queue = { url: env.TOLLGATE_INGEST_DATABASE_URL, redisUrl: env.REDIS_URL };
  const queueTrouble = (error: Error): void => log.warn({ err: error }, "the job queue has a problem");
  const lostPostgres = (error: Error): void => log.warn({ err: error }, "lost a connection to Postgres");
  const metrics = openMetrics();
  const eventKeys = [env.TOLLGATE_EVENT_KEY, env.TOLLGATE_EVENT_KEY_PREVIOUS].filter((key) => key !== undefined);
  const ledger = openLedger({
    databaseUrl: env.TOLLGATE_INGEST_DATABASE_URL,
    eventKeys,
    valuesMax: env.TOLLGATE_ATTRIBUTION_VALUES,
    onError: lostPostgres,
  });
  const observer = observeQueues(queue, queueTrouble);
  let running: Running | null = null;

  const stopping = new AbortController();
  const leaving = new AbortController();
  const onSignal = (): void => (stopping.signal.aborted ? leaving.abort() : stopping.abort());
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, onSignal);

  const health = watchHealth({
    parts: {
      database: ledger.ping,
      queue: async (timeoutMs) => metrics.queues(await observer.read(timeoutMs)),
    },
    isWorking: () => running !== null,
    isDraining: () => stopping.signal.aborted,
  });
  const privatePort = await listenPrivate({
    port: env.WORKER_METRICS_PORT,
    host: env.METRICS_HOST,
    setting: "WORKER_METRICS_PORT",
    ready: health.readiness,
    metrics: metrics.text,
  });
  if (env.REDIS_URL) await requireGoodRedis(env.REDIS_URL);

  const jobs = createProducer({ ...queue, onError: queueTrouble });
  const mail = openMail({ smtpUrl: env.TOLLGATE_SMTP_URL, from: env.TOLLGATE_MAIL_FROM });
  const post = openPost(env.TOLLGATE_PRIVATE_HOSTS);
  const alerts = await openAlerts({
    databaseUrl: env.TOLLGATE_INGEST_DATABASE_URL,
    channelPrivateKey: env.TOLLGATE_CHANNEL_PRIVATE_KEY,
    outbound: { mail: mail.mail, post: post.post },
    jobs,
    dashboardUrl: env.NEXTAUTH_URL,
    operator: env.TOLLGATE_OPERATOR_EMAIL,
    onError: lostPostgres,
  });
  const taskResults = openTaskResults({
    databaseUrl: env.TOLLGATE_INGEST_DATABASE_URL,
    eventKeys,
    auditKey: env.TOLLGATE_AUDIT_KEY ?? null,
    onError: lostPostgres,
  });

  while (!running && !stopping.signal.aborted) {
    try {
      running = await runWorkers({
        ...queue,
        handlers: handlers({
          ...{ ledger, alerts, taskResults, log, metrics },
          auditKey: env.TOLLGATE_AUDIT_KEY ?? null,
          retentionDays: env.TOLLGATE_RETENTION_DAYS,
        }),
        onAttempt: metrics.job,
        onError: (error, job) => log.error({ err: error, job }, job ? "a job failed" : "the job queue has a problem"),
      });
    } catch (error) {
      log.warn({ err: error }, "the queue cannot be reached, trying again");
      await pause(RETRY_MS, undefined, { signal: stopping.signal }).catch(() => {});
    }
  }
  if (running) {
    await health.tick();
    log.info({ queue: env.REDIS_URL ? "redis" : "postgres", metricsPort: privatePort.port }, "taking jobs");
    await untilAborted(stopping.signal);
    log.info({ drainMs: env.TOLLGATE_DRAIN_MS }, "stopping: waiting for running jobs");
    const isDone = await Promise.race([
      running.close().then(() => true),
      pause(env.TOLLGATE_DRAIN_MS, false, { signal: leaving.signal }).catch(() => false),
    ]);
    // The lock of an unfinished job expires after 15 s, then another worker runs it. Jobs may run twice.
    if (!isDone) log.warn("some jobs have not finished; another worker will run them again");
    if (!isDone) return;
  }
  health.close();
  mail.close();
  await Promise.allSettled([
    post.close(),
    jobs.close(),
    observer.close(),
    alerts.close(),
    taskResults.close(),
    ledger.close(),
  ]);
  await privatePort.close();
  log.info("stopped");

  /** Throws if Redis may evict jobs or is too old. If it does not answer, that is only logged. */
  async function requireGoodRedis(url: string): Promise<void> {
    try {
      await checkRedis(url);
    } catch (error) {
      if (error instanceof UnfitRedis) throw error;
      log.warn({ err: error }, "Redis does not answer, so its version and eviction policy are not checked");
    }
  }
}

const untilAborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });

try {
  await work();
  process.exit(0);
} catch (error) {
  const text = error instanceof Error ? error.message : String(error);
  process.stderr.write(`${text.replace(/^/gm, "worker: ")}\n`);
  process.exit(1);
}
