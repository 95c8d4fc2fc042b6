import { z } from "zod";

const Env = z.object({
  TOLLGATE_INGEST_DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/, error: "must be a postgresql:// URL" }),
  REDIS_URL: z
    .union([z.literal("").transform(() => undefined), z.url({ protocol: /^rediss?$/ })], {
      error: "must be a redis:// URL",
    })
    .optional(),
  TOLLGATE_LOG_LEVEL: z.enum(["debug", "info", "warn", "error", "silent"]).default("info"),
});
export type Env = z.infer<typeof Env>;

/** The settings of this process. Throws one line per setting that is missing or bad: `NAME: why`. */
export function readEnv(): Env {
  const parsed = Env.safeParse(process.env);
  if (parsed.success) return parsed.data;
  const lines = parsed.error.issues.map(({ path: [name], code, message }) => {
    const missing = code === "invalid_type" && process.env[String(name)] === undefined;
    return `${String(name)}: ${missing ? "is not set" : message}`;
  });
  throw new Error(lines.join("\n"));
}
