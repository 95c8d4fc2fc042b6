import { z } from "zod";

const key = z
  .base64()
  .transform((text) => Buffer.from(text, "base64"))
  .refine((bytes) => bytes.length === 32, "must be 32 bytes in base64");

/** An empty value means "not set", as in a shell or an .env file. */
const optionalUrl = (protocol: RegExp, error: string) =>
  z.union([z.literal("").transform(() => undefined), z.url({ protocol })], { error }).optional();

const Env = z.object({
  TOLLGATE_INGEST_DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/, error: "must be a postgresql:// URL" }),
  REDIS_URL: optionalUrl(/^rediss?$/, "must be a redis:// URL"),
  TOLLGATE_CHANNEL_PRIVATE_KEY: key,
  TOLLGATE_SMTP_URL: optionalUrl(/^smtps?$/, "must be an smtp:// or smtps:// URL"),
  TOLLGATE_MAIL_FROM: z.string().min(3).default("Tollgate <tollgate@localhost>"),
  TOLLGATE_PRIVATE_HOSTS: z
    .string()
    .default("")
    .transform((text) => text.split(",").flatMap((host) => host.trim().toLowerCase() || [])),
  NEXTAUTH_URL: z.url({ protocol: /^https?$/, error: "must be an http(s) URL" }).default("http://localhost:3000"),
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
