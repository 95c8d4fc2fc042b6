import path from "node:path";
import { z } from "zod";

const port = (preset: number) => z.coerce.number().int().min(0).max(65_535).default(preset);
const positive = (preset: number) => z.coerce.number().int().positive().default(preset);
const key32 = z
  .base64("must be base64")
  .transform((text) => Buffer.from(text, "base64"))
  .refine((bytes) => bytes.length === 32, "must be 32 bytes in base64");

const Settings = z.object({
  TOLLGATE_PROXY_DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/, error: "must be a postgres:// URL" }),
  REDIS_URL: z.url({ protocol: /^rediss?$/, error: "must be a redis:// URL" }).optional(),
  TOLLGATE_KEY_PEPPER: key32,
  TOLLGATE_SEAL_PRIVATE_KEY: key32,
  TOLLGATE_DATA_DIR: z.string().min(1).default(".data"),
  TOLLGATE_SPOOL_DIR: z.string().min(1).optional(),
  TOLLGATE_LEFT_DRAIN_MS: z.coerce.number().int().min(0).max(30_000).default(0),
  TOLLGATE_BROKEN_ANSWERS: z
    .enum(["reported", "estimate", "zero"], "must be reported, estimate or zero")
    .default("reported"),
  TOLLGATE_SPOOL_FULL: z.enum(["refuse", "serve"], "must be refuse or serve").default("refuse"),
  TOLLGATE_PRIVATE_HOSTS: z.string().default(""),
  TOLLGATE_DOCS_URL: z.url("must be a URL").default("http://localhost:3000/docs/errors"),
  TOLLGATE_LOG_LEVEL: z.enum(["debug", "info", "warn", "error", "silent"]).default("info"),
  PROXY_HOST: z.string().min(1).default("127.0.0.1"),
  PROXY_PORT: port(4000),
  METRICS_PORT: port(4001),
  PROXY_PROCESSES: z.coerce.number().int().min(1).max(64).default(1),
  TOLLGATE_BODY_BYTES_MAX: positive(32 * 1024 * 1024),
  TOLLGATE_BODIES_BYTES_MAX: positive(256 * 1024 * 1024),
  TOLLGATE_BODY_TIMEOUT_MS: positive(30_000),
  TOLLGATE_CONNECT_TIMEOUT_MS: positive(5_000),
  TOLLGATE_HEADER_TIMEOUT_MS: positive(60_000),
  TOLLGATE_IDLE_TIMEOUT_MS: positive(30_000),
  TOLLGATE_TOTAL_TIMEOUT_MS: positive(600_000),
  TOLLGATE_DRAIN_MS: positive(15_000),
  TOLLGATE_CACHE_BYTES_MAX: positive(64 * 1024 * 1024),
});

const Env = Settings.refine(({ PROXY_PROCESSES, REDIS_URL }) => PROXY_PROCESSES === 1 || REDIS_URL !== undefined, {
  path: ["PROXY_PROCESSES"],
  message: "above 1 needs REDIS_URL: the processes share their limits there",
});

export type ProxyEnv = ReturnType<typeof readEnv>;

/** Empty counts as unset. Throws one line that names every bad setting and why. */
export function readEnv(from: NodeJS.ProcessEnv = process.env) {
  const given = Object.fromEntries(Object.entries(from).filter(([, value]) => value !== ""));
  const parsed = Env.safeParse(given);
  if (!parsed.success) {
    const reasons = parsed.error.issues.map(({ path: [name], code, message }) => {
      return `${String(name)} ${name !== undefined && !(String(name) in given) ? "is not set" : (message ?? code)}`;
    });
    throw new Error(reasons.join("; "));
  }
  const { data } = parsed;
  const dataDir = path.resolve(data.TOLLGATE_DATA_DIR);
  return {
    ...data,
    dataDir,
    spoolDir: path.resolve(data.TOLLGATE_SPOOL_DIR ?? path.join(dataDir, "spool")),
    privateHosts: data.TOLLGATE_PRIVATE_HOSTS.split(",").flatMap((host) => host.trim().toLowerCase() || []),
  };
}
