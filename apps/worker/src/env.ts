import {
  key,
  logLevel,
  port,
  postgresUrl,
  privateHosts,
  redisUrl,
  smtpUrl,
  text,
  webUrl,
  whole,
} from "@tollgate/contracts/settings/kinds";
import { readSettings } from "@tollgate/contracts/settings/read";
import { z } from "zod";

const Env = z.object({
  TOLLGATE_INGEST_DATABASE_URL: postgresUrl(),
  REDIS_URL: redisUrl().optional(),
  TOLLGATE_CHANNEL_PRIVATE_KEY: key(),
  TOLLGATE_AUDIT_KEY: key().optional(),
  TOLLGATE_EVENT_KEY: key(),
  TOLLGATE_EVENT_KEY_PREVIOUS: key().optional(),
  TOLLGATE_SMTP_URL: smtpUrl().optional(),
  TOLLGATE_MAIL_FROM: text("a mail address", 3).default("Tollgate <tollgate@localhost>"),
  TOLLGATE_PRIVATE_HOSTS: privateHosts(),
  NEXTAUTH_URL: webUrl().default("http://localhost:3000"),
  TOLLGATE_LOG_LEVEL: logLevel(),
  METRICS_HOST: text("an address of this machine").default("127.0.0.1"),
  WORKER_METRICS_PORT: port(4101),
  TOLLGATE_DRAIN_MS: whole(60_000, { min: 0 }),
});

export type Env = z.infer<typeof Env>;

/** The settings of this process. Throws `SettingsError` with one line per invalid setting. */
export const readEnv = () => readSettings(Env, process.env);
