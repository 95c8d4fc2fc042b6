import path from "node:path";
import {
  choice,
  key,
  logLevel,
  port,
  postgresUrl,
  privateHosts,
  readBy,
  redisUrl,
  text,
  webUrl,
  whole,
} from "@tollgate/contracts/settings/kinds";
import { readSettings } from "@tollgate/contracts/settings/read";
import { parseTrustedProxies } from "@tollgate/dial/client-address";
import { z } from "zod";

const positive = (preset: number) => whole(preset);

const Settings = z.object({
  TOLLGATE_PROXY_DATABASE_URL: postgresUrl(),
  TOLLGATE_LISTEN_DATABASE_URL: postgresUrl().optional(),
  REDIS_URL: redisUrl().optional(),
  TOLLGATE_KEY_PEPPER: key(),
  TOLLGATE_SEAL_PRIVATE_KEY: key(),
  TOLLGATE_EVENT_KEY: key(),
  TOLLGATE_DATA_DIR: text("a folder").default(".data"),
  TOLLGATE_SPOOL_DIR: text("a folder").optional(),
  TOLLGATE_LEFT_DRAIN_MS: whole(0, { min: 0, max: 30_000 }),
  TOLLGATE_BROKEN_ANSWERS: choice(["estimate", "reported", "zero"]).default("estimate"),
  TOLLGATE_SPOOL_FULL: choice(["refuse", "serve"]).default("refuse"),
  TOLLGATE_PRIVATE_HOSTS: privateHosts(),
  TOLLGATE_TRUSTED_PROXIES: readBy(parseTrustedProxies),
  TOLLGATE_DOCS_URL: webUrl().default("http://localhost:3000/docs/errors"),
  TOLLGATE_LOG_LEVEL: logLevel(),
  PROXY_HOST: text("an address of this machine").default("127.0.0.1"),
  PROXY_PORT: port(4000),
  METRICS_PORT: port(4001),
  PROXY_PROCESSES: whole(1, { max: 64 }),
  TOLLGATE_BODY_BYTES_MAX: positive(32 * 1024 * 1024),
  TOLLGATE_BODIES_BYTES_MAX: positive(256 * 1024 * 1024),
  TOLLGATE_BODY_TIMEOUT_MS: positive(30_000),
  TOLLGATE_CONNECT_TIMEOUT_MS: positive(5_000),
  TOLLGATE_HEADER_TIMEOUT_MS: positive(60_000),
  TOLLGATE_IDLE_TIMEOUT_MS: positive(30_000),
  TOLLGATE_TOTAL_TIMEOUT_MS: positive(600_000),
  TOLLGATE_ORIGIN_CONCURRENCY: positive(2_048),
  TOLLGATE_ORIGIN_WAIT_MS: positive(5_000),
  TOLLGATE_POLICY_ALERT_MS: positive(60_000),
  TOLLGATE_POLICY_REFUSE_MS: whole(0, { min: 0 }),
  TOLLGATE_DRAIN_NOTICE_MS: whole(5_000, { min: 0, max: 60_000 }),
  TOLLGATE_DRAIN_MS: whole(60_000, { min: 0, max: 3_600_000 }),
  TOLLGATE_GUARDRAIL_THREADS: whole(3, { min: 1, max: 16 }),
  TOLLGATE_CACHE_BYTES_MAX: positive(64 * 1024 * 1024),
});

const Env = Settings.refine(({ PROXY_PROCESSES, REDIS_URL }) => PROXY_PROCESSES === 1 || REDIS_URL !== undefined, {
  path: ["PROXY_PROCESSES"],
  message: "above 1 needs REDIS_URL: the processes share their limits there",
});

export type ProxyEnv = ReturnType<typeof readEnv>;

/** The settings of this process. Throws `SettingsError`, one line a bad setting. */
export function readEnv(from: NodeJS.ProcessEnv = process.env) {
  const { settings, warnings } = readSettings(Env, from);
  const dataDir = path.resolve(settings.TOLLGATE_DATA_DIR);
  return {
    ...settings,
    warnings,
    dataDir,
    spoolDir: path.resolve(settings.TOLLGATE_SPOOL_DIR ?? path.join(dataDir, "spool")),
    privateHosts: settings.TOLLGATE_PRIVATE_HOSTS,
  };
}
