import { z } from "zod";

const bytes32 = z
  .string()
  .transform((text) => Buffer.from(text, "base64"))
  .refine((key) => key.length === 32, "must be 32 bytes in base64");

const Env = z.object({
  TOLLGATE_CONTROL_DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/, error: "must be a postgresql:// URL" }),
  TOLLGATE_KEY_PEPPER: bytes32,
  TOLLGATE_AUDIT_KEY: bytes32,
  TOLLGATE_SEAL_PUBLIC_KEY: bytes32,
  TOLLGATE_CHANNEL_PUBLIC_KEY: bytes32,
  TOLLGATE_PRIVATE_HOSTS: z
    .string()
    .default("")
    .transform((text) =>
      text
        .split(",")
        .map((host) => host.trim())
        .filter(Boolean),
    ),
  PROXY_URL: z.url({ protocol: /^https?$/, error: "must be an http(s) URL" }).default("http://localhost:4000"),
  NEXTAUTH_URL: z.url({ protocol: /^https?$/, error: "must be an http(s) URL" }).default("http://localhost:3000"),
  NEXTAUTH_SECRET: z.string().min(16, "must be at least 16 characters"),
});
export type Env = z.infer<typeof Env>;

/** Missing or bad settings, one per line: `NAME: why`. */
export class SettingsError extends Error {}

let parsed: Env | undefined;

/** The settings of this process, parsed once. Throws {@link SettingsError}. */
export function env(): Env {
  if (parsed) return parsed;
  const result = Env.safeParse(process.env);
  if (!result.success) {
    const lines = result.error.issues.map(({ path, code, message }) => {
      const name = path.join(".");
      return `${name}: ${code === "invalid_type" && process.env[name] === undefined ? "is not set" : message}`;
    });
    throw new SettingsError(lines.join("\n"));
  }
  parsed = result.data;
  return parsed;
}

export const isHttps = (): boolean => env().NEXTAUTH_URL.startsWith("https:");

/** True in `next dev`: its error overlay evaluates code, which the content security policy must then allow. */
export const isDevelopment = process.env.NODE_ENV === "development";
