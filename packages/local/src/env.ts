import path from "node:path";
import {
  keyText,
  port,
  postgresUrl,
  privateHosts,
  redisUrl,
  text,
  webUrl,
  whole,
} from "@tollgate/contracts/settings/kinds";
import { readSettings as read, SettingsError } from "@tollgate/contracts/settings/read";
import { z } from "zod";
import { Refusal } from "./refusal.ts";

export const repository = path.resolve(import.meta.dirname, "../../..");

const Environment = z.object({
  TOLLGATE_DATA_DIR: text("a folder").default(path.join(repository, ".data")),
  DATABASE_URL: postgresUrl().optional(),
  REDIS_URL: redisUrl().optional(),
  DASHBOARD_PORT: port(3000, 1),
  DASHBOARD_METRICS_PORT: port(4201, 1),
  PROXY_PORT: port(4000, 1),
  METRICS_PORT: port(4001, 1),
  WORKER_METRICS_PORT: port(4101, 1),
  PROVIDER_PORT: port(4010, 1),
  POSTGRES_PORT: port(54_329, 1),
  PROXY_URL: webUrl().optional(),
  NEXTAUTH_URL: webUrl().optional(),
  NEXTAUTH_SECRET: text("at least 16 characters", 16).optional(),
  TOLLGATE_SPOOL_DIR: text("a folder").optional(),
  // There is no load balancer on one machine, and the person who presses Ctrl-C waits for the processes.
  TOLLGATE_DRAIN_NOTICE_MS: whole(0, { min: 0, max: 60_000 }),
  TOLLGATE_DRAIN_MS: whole(10_000, { min: 0, max: 3_600_000 }),
  TOLLGATE_PRIVATE_HOSTS: privateHosts(),
  TOLLGATE_KEY_PEPPER: keyText().optional(),
  TOLLGATE_AUDIT_KEY: keyText().optional(),
  TOLLGATE_SEAL_PUBLIC_KEY: keyText().optional(),
  TOLLGATE_SEAL_PRIVATE_KEY: keyText().optional(),
  TOLLGATE_CHANNEL_PUBLIC_KEY: keyText().optional(),
  TOLLGATE_CHANNEL_PRIVATE_KEY: keyText().optional(),
  TOLLGATE_EVENT_KEY: keyText().optional(),
});

export type Settings = ReturnType<typeof readSettings>;

/** @throws Refusal with one line per invalid setting. */
export function readSettings(environment: NodeJS.ProcessEnv) {
  const { settings: given, warnings } = parsed(environment);
  const dataDir = path.resolve(given.TOLLGATE_DATA_DIR);
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
      TOLLGATE_KEY_PEPPER: given.TOLLGATE_KEY_PEPPER,
      TOLLGATE_AUDIT_KEY: given.TOLLGATE_AUDIT_KEY,
      TOLLGATE_SEAL_PUBLIC_KEY: given.TOLLGATE_SEAL_PUBLIC_KEY,
      TOLLGATE_SEAL_PRIVATE_KEY: given.TOLLGATE_SEAL_PRIVATE_KEY,
      TOLLGATE_CHANNEL_PUBLIC_KEY: given.TOLLGATE_CHANNEL_PUBLIC_KEY,
      TOLLGATE_CHANNEL_PRIVATE_KEY: given.TOLLGATE_CHANNEL_PRIVATE_KEY,
      TOLLGATE_EVENT_KEY: given.TOLLGATE_EVENT_KEY,
    },
  };
}

function parsed(environment: NodeJS.ProcessEnv) {
  try {
    return read(Environment, environment);
  } catch (error) {
    throw error instanceof SettingsError ? new Refusal(error.message) : error;
  }
}
