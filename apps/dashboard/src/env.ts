import { hosts, key, port, postgresUrl, readBy, text, webUrl, whole } from "@tollgate/contracts/settings/kinds";
import { readSettings } from "@tollgate/contracts/settings/read";
import { parseTrustedProxies } from "@tollgate/control/client-address";
import { z } from "zod";

const Env = z.object({
  TOLLGATE_CONTROL_DATABASE_URL: postgresUrl(),
  TOLLGATE_KEY_PEPPER: key(),
  TOLLGATE_AUDIT_KEY: key(),
  TOLLGATE_SEAL_PUBLIC_KEY: key(),
  TOLLGATE_CHANNEL_PUBLIC_KEY: key(),
  TOLLGATE_PRIVATE_HOSTS: hosts(),
  TOLLGATE_TRUSTED_PROXIES: readBy(parseTrustedProxies),
  PROXY_URL: webUrl().default("http://localhost:4000"),
  NEXTAUTH_URL: webUrl().default("http://localhost:3000"),
  NEXTAUTH_SECRET: text("at least 16 characters", 16),
  DASHBOARD_METRICS_PORT: port(4201),
  TOLLGATE_DRAIN_NOTICE_MS: whole(5_000, { min: 0, max: 60_000 }),
  TOLLGATE_DRAIN_MS: whole(60_000, { min: 0 }),
});
export type Env = z.infer<typeof Env>;

let parsed: ReturnType<typeof readEnv> | undefined;
const readEnv = () => readSettings(Env, process.env);

/** The settings of this process, parsed once. Throws `SettingsError`, one line a bad setting. */
export function env(): Env {
  parsed ??= readEnv();
  return parsed.settings;
}

/** Names that are set and that Tollgate does not know, one line each. */
export function settingWarnings(): readonly string[] {
  parsed ??= readEnv();
  return parsed.warnings;
}

export const isHttps = (): boolean => env().NEXTAUTH_URL.startsWith("https:");

/** True in `next dev`: its error overlay evaluates code, which the content security policy must then allow. */
export const isDevelopment = process.env.NODE_ENV === "development";
