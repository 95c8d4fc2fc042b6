import path from "node:path";
import { readSettings as read, SettingsError } from "@tollgate/contracts/settings/read";
import { settingsOf } from "@tollgate/contracts/settings/settings-of";
import { Refusal } from "./refusal.ts";

export const repository = path.resolve(import.meta.dirname, "../../..");

const PORTS = [
  "DASHBOARD_PORT",
  "PROXY_PORT",
  "METRICS_PORT",
  "WORKER_METRICS_PORT",
  "DASHBOARD_METRICS_PORT",
  "PROVIDER_PORT",
  "POSTGRES_PORT",
] as const;

/** The processes are told each other's ports before they start, so a port cannot be "any free one". */
const Environment = settingsOf("start").superRefine((given, context) => {
  for (const name of PORTS)
    if (given[name] === 0)
      context.addIssue({ code: "custom", path: [name], message: "expected a port from 1 to 65535" });
});

export type Settings = ReturnType<typeof readSettings>;

/** @throws Refusal with one line per invalid setting. */
export function readSettings(environment: NodeJS.ProcessEnv) {
  const { settings: given, warnings } = parsed(environment);
  const dataDir = path.resolve(given.TOLLGATE_DATA_DIR ?? path.join(repository, ".data"));
  const ports = {
    DASHBOARD_PORT: given.DASHBOARD_PORT,
    PROXY_PORT: given.PROXY_PORT,
    METRICS_PORT: given.METRICS_PORT,
    WORKER_METRICS_PORT: given.WORKER_METRICS_PORT,
    DASHBOARD_METRICS_PORT: given.DASHBOARD_METRICS_PORT,
    PROVIDER_PORT: given.PROVIDER_PORT,
    ...(given.DATABASE_URL ? {} : { POSTGRES_PORT: given.POSTGRES_PORT }),
  };
  return {
    /** Warnings about unknown setting names, one line each. */
    warnings,
    dataDir,
    spoolDir: path.resolve(given.TOLLGATE_SPOOL_DIR ?? path.join(dataDir, "spool")),
    databaseUrl: given.DATABASE_URL,
    redisUrl: given.REDIS_URL,
    postgresPort: given.POSTGRES_PORT,
    /** All ports of the installation, by the name of their setting. */
    ports,
    dashboardUrl: given.NEXTAUTH_URL ?? `http://localhost:${given.DASHBOARD_PORT}`,
    proxyUrl: given.PROXY_URL ?? `http://localhost:${given.PROXY_PORT}`,
    metricsUrl: `http://localhost:${given.METRICS_PORT}/metrics`,
    providerUrl: `http://localhost:${given.PROVIDER_PORT}`,
    drainNoticeMs: given.TOLLGATE_DRAIN_NOTICE_MS,
    drainMs: given.TOLLGATE_DRAIN_MS,
    privateHosts: environment.TOLLGATE_PRIVATE_HOSTS ?? "",
    /** Secrets that the operator sets. The others are generated. */
    secrets: {
      NEXTAUTH_SECRET: given.NEXTAUTH_SECRET,
      TOLLGATE_KEY_PEPPER: inBase64(given.TOLLGATE_KEY_PEPPER),
      TOLLGATE_AUDIT_KEY: inBase64(given.TOLLGATE_AUDIT_KEY),
      TOLLGATE_SEAL_PUBLIC_KEY: inBase64(given.TOLLGATE_SEAL_PUBLIC_KEY),
      TOLLGATE_SEAL_PRIVATE_KEY: inBase64(given.TOLLGATE_SEAL_PRIVATE_KEY),
      TOLLGATE_CHANNEL_PUBLIC_KEY: inBase64(given.TOLLGATE_CHANNEL_PUBLIC_KEY),
      TOLLGATE_CHANNEL_PRIVATE_KEY: inBase64(given.TOLLGATE_CHANNEL_PRIVATE_KEY),
      TOLLGATE_EVENT_KEY: inBase64(given.TOLLGATE_EVENT_KEY),
    },
  };
}

const inBase64 = (key: Buffer | undefined): string | undefined => key?.toString("base64");

function parsed(environment: NodeJS.ProcessEnv) {
  try {
    return read(Environment, environment);
  } catch (error) {
    throw error instanceof SettingsError ? new Refusal(error.message) : error;
  }
}
