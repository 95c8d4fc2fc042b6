import path from "node:path";
import { z } from "zod";
import { Refusal } from "./refusal.ts";

export const repository = path.resolve(import.meta.dirname, "../../..");

const port = (standard: number) => z.coerce.number().int().min(1).max(65_535).default(standard);
const optional = <S extends z.ZodType>(schema: S) => schema.optional();
const key = z.base64().refine((text) => Buffer.from(text, "base64").length === 32, "must be 32 bytes in base64");

const Environment = z.object({
  TOLLGATE_DATA_DIR: z.string().default(path.join(repository, ".data")),
  DATABASE_URL: optional(z.url({ protocol: /^postgres(ql)?$/, error: "must be a postgresql:// URL" })),
  REDIS_URL: optional(z.url({ protocol: /^rediss?$/, error: "must be a redis:// or rediss:// URL" })),
  DASHBOARD_PORT: port(3000),
  PROXY_PORT: port(4000),
  METRICS_PORT: port(4001),
  PROVIDER_PORT: port(4010),
  POSTGRES_PORT: port(54_329),
  PROXY_URL: optional(z.url({ protocol: /^https?$/ })),
  NEXTAUTH_URL: optional(z.url({ protocol: /^https?$/ })),
  NEXTAUTH_SECRET: optional(z.string().min(16)),
  TOLLGATE_SPOOL_DIR: optional(z.string()),
  TOLLGATE_PRIVATE_HOSTS: z.string().default(""),
  TOLLGATE_KEY_PEPPER: optional(key),
  TOLLGATE_AUDIT_KEY: optional(key),
  TOLLGATE_SEAL_PUBLIC_KEY: optional(key),
  TOLLGATE_SEAL_PRIVATE_KEY: optional(key),
  TOLLGATE_CHANNEL_PUBLIC_KEY: optional(key),
  TOLLGATE_CHANNEL_PRIVATE_KEY: optional(key),
});

export type Settings = ReturnType<typeof readSettings>;

/** @throws Refusal naming the setting and what is wrong with it. */
export function readSettings(environment: NodeJS.ProcessEnv) {
  // An empty value means "not set", as in a shell or an .env file.
  const set = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ""));
  const parsed = Environment.safeParse(set);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const name = String(issue?.path[0]);
    throw new Refusal(`${name} is not usable: ${issue?.message} (it is ${shown(name, set[name])}).`);
  }
  const given = parsed.data;
  const dataDir = path.resolve(given.TOLLGATE_DATA_DIR);
  const ports = {
    DASHBOARD_PORT: given.DASHBOARD_PORT,
    PROXY_PORT: given.PROXY_PORT,
    METRICS_PORT: given.METRICS_PORT,
    PROVIDER_PORT: given.PROVIDER_PORT,
    ...(given.DATABASE_URL ? {} : { POSTGRES_PORT: given.POSTGRES_PORT }),
  };
  return {
    dataDir,
    spoolDir: path.resolve(given.TOLLGATE_SPOOL_DIR ?? path.join(dataDir, "spool")),
    databaseUrl: given.DATABASE_URL,
    redisUrl: given.REDIS_URL,
    postgresPort: given.POSTGRES_PORT,
    /** Every port the house will listen on, by the setting that moves it. */
    ports,
    dashboardUrl: given.NEXTAUTH_URL ?? `http://localhost:${given.DASHBOARD_PORT}`,
    proxyUrl: given.PROXY_URL ?? `http://localhost:${given.PROXY_PORT}`,
    metricsUrl: `http://localhost:${given.METRICS_PORT}/metrics`,
    providerUrl: `http://localhost:${given.PROVIDER_PORT}`,
    privateHosts: given.TOLLGATE_PRIVATE_HOSTS,
    /** Secrets the operator brings; those left out are generated. */
    secrets: {
      NEXTAUTH_SECRET: given.NEXTAUTH_SECRET,
      TOLLGATE_KEY_PEPPER: given.TOLLGATE_KEY_PEPPER,
      TOLLGATE_AUDIT_KEY: given.TOLLGATE_AUDIT_KEY,
      TOLLGATE_SEAL_PUBLIC_KEY: given.TOLLGATE_SEAL_PUBLIC_KEY,
      TOLLGATE_SEAL_PRIVATE_KEY: given.TOLLGATE_SEAL_PRIVATE_KEY,
      TOLLGATE_CHANNEL_PUBLIC_KEY: given.TOLLGATE_CHANNEL_PUBLIC_KEY,
      TOLLGATE_CHANNEL_PRIVATE_KEY: given.TOLLGATE_CHANNEL_PRIVATE_KEY,
    },
  };
}

const shown = (name: string, value: string | undefined): string =>
  /URL|KEY|SECRET|PEPPER/.test(name) ? "not shown" : JSON.stringify(value);
