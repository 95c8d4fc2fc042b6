import {
  choice,
  key,
  port,
  postgresUrl,
  privateHosts,
  readBy,
  text,
  webUrl,
  whole,
} from "@tollgate/contracts/settings/kinds";
import { readSettings } from "@tollgate/contracts/settings/read";
import { parseTrustedProxies } from "@tollgate/control/client-address";
import { parseDomains, type SignUpPolicy } from "@tollgate/control/people/sign-up-policy";
import { z } from "zod";

const Settings = z.object({
  TOLLGATE_CONTROL_DATABASE_URL: postgresUrl(),
  TOLLGATE_KEY_PEPPER: key(),
  TOLLGATE_AUDIT_KEY: key(),
  TOLLGATE_SEAL_PUBLIC_KEY: key(),
  TOLLGATE_CHANNEL_PUBLIC_KEY: key(),
  TOLLGATE_PRIVATE_HOSTS: privateHosts(),
  TOLLGATE_SIGN_UP: choice(["closed", "open", "domains"]).default("closed"),
  TOLLGATE_SIGN_UP_DOMAINS: readBy(parseDomains),
  TOLLGATE_OPERATOR_TOKEN: text("at least 32 characters", 32).optional(),
  TOLLGATE_TRUSTED_PROXIES: readBy(parseTrustedProxies),
  PROXY_URL: webUrl().default("http://localhost:4000"),
  NEXTAUTH_URL: webUrl().default("http://localhost:3000"),
  NEXTAUTH_SECRET: text("at least 16 characters", 16),
  /** Where Next listens; set by `serve/main.ts` from DASHBOARD_PORT. */
  PORT: port(3000),
  METRICS_HOST: text("an address of this machine").default("127.0.0.1"),
  DASHBOARD_METRICS_PORT: port(4201),
  TOLLGATE_DRAIN_NOTICE_MS: whole(5_000, { min: 0, max: 60_000 }),
  TOLLGATE_DRAIN_MS: whole(60_000, { min: 0 }),
});
const Env = Settings.refine((set) => set.TOLLGATE_SIGN_UP !== "domains" || set.TOLLGATE_SIGN_UP_DOMAINS.length > 0, {
  path: ["TOLLGATE_SIGN_UP_DOMAINS"],
  message: "TOLLGATE_SIGN_UP=domains needs at least one, such as acme.com",
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

export function signUpPolicy(): SignUpPolicy {
  const { TOLLGATE_SIGN_UP: mode, TOLLGATE_SIGN_UP_DOMAINS: domains } = env();
  return mode === "domains" ? { mode, domains } : { mode };
}

export const isHttps = (): boolean => env().NEXTAUTH_URL.startsWith("https:");

/** True in `next dev`: its error overlay evaluates code, which the content security policy must then allow. */
export const isDevelopment = process.env.NODE_ENV === "development";
