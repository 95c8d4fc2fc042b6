import { readSettings } from "@tollgate/contracts/settings/read";
import { settingsOf } from "@tollgate/contracts/settings/settings-of";
import type { SignUpPolicy } from "@tollgate/control/people/sign-up-policy";
import type { z } from "zod";

const Env = settingsOf("dashboard").refine(
  (set) => set.TOLLGATE_SIGN_UP !== "domains" || set.TOLLGATE_SIGN_UP_DOMAINS.length > 0,
  {
    path: ["TOLLGATE_SIGN_UP_DOMAINS"],
    message: "TOLLGATE_SIGN_UP=domains needs at least one, such as acme.com",
  },
);
export type Env = z.infer<typeof Env>;

let parsed: ReturnType<typeof readEnv> | undefined;
const readEnv = () => readSettings(Env, process.env);

/** The settings of this process, parsed once. Throws `SettingsError` with one line per invalid setting. */
export function env(): Env {
  parsed ??= readEnv();
  return parsed.settings;
}

/** Warnings about unknown setting names, one line each. */
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
