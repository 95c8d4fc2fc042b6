import { setTimeout as pause } from "node:timers/promises";
import { openAlerts } from "@tollgate/control/alerts/open-alerts";
import { openResealing } from "@tollgate/control/credentials/open-resealing";
import { openLedger } from "@tollgate/control/usage/open-ledger";
import { createProducer } from "@tollgate/jobs/producer";
import { type Running, runWorkers } from "@tollgate/jobs/runtime";
import { pino } from "pino";
import { readEnv } from "./env.ts";
import { handlers } from "./handlers.ts";
import { openMail } from "./outbound/mail.ts";
import { openPost } from "./outbound/post.ts";

const RETRY_MS = 1_000;

function settings() {
  try {
    return readEnv();
  } catch (error) {
    console.error(error instanceof Error ? error.message.replace(/^/gm, "worker: ") : error);
    process.exit(1);
  }
}

const { settings: env, warnings } = settings();
const log = pino({ name: "worker", level: env.TOLLGATE_LOG_LEVEL });
for (const warning of warnings) log.warn(warning);
const ledger = openLedger({
  databaseUrl: env.TOLLGATE_INGEST_DATABASE_URL,
  eventKeys: [env.TOLLGATE_EVENT_KEY, env.TOLLGATE_EVENT_KEY_PREVIOUS].filter((key) => key !== undefined),
  onError: (error) => log.warn({ err: error }, "lost a connection to Postgres"),
});
const jobs = createProducer({
  url: env.TOLLGATE_INGEST_DATABASE_URL,
  redisUrl: env.REDIS_URL,
  onError: (error) => log.warn({ err: error }, "queue trouble"),
});
const mail = openMail({ smtpUrl: env.TOLLGATE_SMTP_URL, from: env.TOLLGATE_MAIL_FROM });
const post = openPost(env.TOLLGATE_PRIVATE_HOSTS);
const alerts = await openAlerts({
  databaseUrl: env.TOLLGATE_INGEST_DATABASE_URL,
  channelPrivateKey: env.TOLLGATE_CHANNEL_PRIVATE_KEY,
  outbound: { mail: mail.mail, post: post.post },
  jobs,
  dashboardUrl: env.NEXTAUTH_URL,
  onError: (error) => log.warn({ err: error }, "lost a connection to Postgres"),
});
const resealing = openResealing({
  databaseUrl: env.TOLLGATE_INGEST_DATABASE_URL,
  auditKey: env.TOLLGATE_AUDIT_KEY ?? null,
  onError: (error) => log.warn({ err: error }, "lost a connection to Postgres"),
});
const stopping = new AbortController();
for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => stopping.abort());

async function start(): Promise<Running | null> {
  while (!stopping.signal.aborted) {
    try {
      return await runWorkers({
        url: env.TOLLGATE_INGEST_DATABASE_URL,
        redisUrl: env.REDIS_URL,
        handlers: handlers({ ledger, alerts, resealing, log }),
        onError: (error, job) => log.error({ err: error, job }, job ? "job failed" : "queue trouble"),
      });
    } catch (error) {
      log.warn({ err: error }, "the queue cannot be reached, trying again");
      await pause(RETRY_MS, undefined, { signal: stopping.signal }).catch(() => {});
    }
  }
  return null;
}

const running = await start();
if (running) {
  log.info({ queue: env.REDIS_URL ? "redis" : "postgres" }, "at work");
  if (!stopping.signal.aborted)
    await new Promise((resolve) => stopping.signal.addEventListener("abort", resolve, { once: true }));
  log.info("finishing what is under way");
  await running.close();
}
mail.close();
await Promise.all([post.close(), jobs.close(), alerts.close(), ledger.close(), resealing.close()]);
